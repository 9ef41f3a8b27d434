"""Experiments over runs: what a switch moves."""
