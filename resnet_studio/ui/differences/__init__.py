"""The window of differences between two designs."""
