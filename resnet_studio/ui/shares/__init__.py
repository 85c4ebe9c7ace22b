"""The tab of where the time goes."""
