"""The parent's side of an engine program: processes, pipes, turns, exports. Knows neither TensorFlow nor Qt."""
