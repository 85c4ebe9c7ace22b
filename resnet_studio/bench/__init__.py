"""What is timed, and what came of it: plans, events, statistics. No Qt, no TensorFlow."""
