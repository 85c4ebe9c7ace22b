"""Writes a network out: as a Python program, or as the text of its graph."""
