"""Metrics: pure functions over counts and outcome rows. Nothing here needs the engine."""
