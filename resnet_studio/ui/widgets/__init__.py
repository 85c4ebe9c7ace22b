"""Widgets and looks that every panel uses."""
