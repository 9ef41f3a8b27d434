"""The engine: the sweep over a community, the institutions between steps, and thin drivers."""
