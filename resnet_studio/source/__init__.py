"""Programs and graph texts that a network is written out as."""
