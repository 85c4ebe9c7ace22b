"""The design panel and its document."""
