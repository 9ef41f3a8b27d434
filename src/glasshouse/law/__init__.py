"""Law and assumptions as data: strict loading, frozen types, and what a scenario resolves to."""
