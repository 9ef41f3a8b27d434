"""Detection: what the authority sees, by channel, with misses, false reports, wrong persons."""
