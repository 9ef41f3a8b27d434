"""Standing: who is listed, on what ground, with what notice, and every way off the list."""
