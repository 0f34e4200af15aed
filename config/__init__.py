"""Settings, addresses and the start of every process."""
