"""What a society is made of: the registry of columns, their frames, the layout of the counts."""
