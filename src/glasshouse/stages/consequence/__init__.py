"""Consequence: what a listing or a grade costs or gives at each counter, and does to means."""
