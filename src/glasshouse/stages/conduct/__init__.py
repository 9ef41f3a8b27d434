"""Conduct: what people do, thinned from an envelope of candidate acts that no policy changes."""
