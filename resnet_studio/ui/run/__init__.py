"""Runs: their plan, their progress and their live plot."""
