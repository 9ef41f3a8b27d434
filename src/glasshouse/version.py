"""The version of the software: a name of its own, so that every floor can say it."""

from __future__ import annotations

__version__ = "0.1.0"
