"""Response: how people change, from what they know and not from what is true."""
