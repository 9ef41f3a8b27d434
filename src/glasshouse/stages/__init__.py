"""The eight stages of a step; each a folder of its own, and strangers to one another."""
