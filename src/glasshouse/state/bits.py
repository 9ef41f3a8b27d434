"""The bits of the column ``bits``: what a row is or has chosen, one bit each."""

from __future__ import annotations

GONE = 1
OPTED_OUT = 2
NOT_ENROLLED = 4
DISCLOSES = 8
