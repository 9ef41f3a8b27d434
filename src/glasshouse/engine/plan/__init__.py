"""The plan of a run: everything asked at the door and turned into integer tables, once."""
