"""The Paths tab."""
