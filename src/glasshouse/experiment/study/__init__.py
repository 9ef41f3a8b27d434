"""Studies: a named question run over seeds, its answer in sentences filled from its results."""
