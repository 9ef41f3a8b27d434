"""Columns packed by bits, so that a society in files costs little more than one in memory."""
