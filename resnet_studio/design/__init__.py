"""Designs: what a person edits, its bounds and faults, its files and its words."""
