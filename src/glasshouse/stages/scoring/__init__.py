"""Scoring: what an entry is worth under the rulebook in force, and the score and grade it makes."""
