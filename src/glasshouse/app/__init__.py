"""The page: a run as a scene that a browser draws, in one file, in a notebook or live."""
