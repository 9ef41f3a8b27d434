"""Metrics: pure functions over counts and outcome rows, readable without the compiler."""
