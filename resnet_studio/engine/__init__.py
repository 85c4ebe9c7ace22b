"""The network in TensorFlow, and the program that times it. `process`, the parent's handle, never imports TensorFlow."""
