"""Record: what a department writes down, with which delay, what it loses, how long it is kept."""
