"""Pictures: the graph of a network, laid out and drawn as plain values."""
