"""Calibration: assumptions fitted to published aggregates before a cut, later dates predicted.

Nothing else is fitted, and to nothing else: free parameters are assumptions that are neither law
nor coverage, and targets are rows of the table of published figures.
"""
