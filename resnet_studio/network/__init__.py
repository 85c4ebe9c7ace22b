"""Networks: a design expanded, and all that follows from its list of operations."""
