"""Designs, the network they expand to, its cost, its graph and its picture. No Qt, no TensorFlow."""
