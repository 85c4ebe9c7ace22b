"""The picture of the network."""
