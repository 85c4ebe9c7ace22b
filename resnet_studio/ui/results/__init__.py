"""The results of runs, and the log."""
