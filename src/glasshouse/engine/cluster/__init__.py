"""Dask: workers in processes of their own, on this machine or on many. Nothing else imports it."""
