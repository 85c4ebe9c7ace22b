"""Totals, the inspector and the tree of nodes."""
