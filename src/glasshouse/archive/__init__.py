"""What a run leaves: its directory, its provenance, its digest, its tables. No engine, no Numba."""
