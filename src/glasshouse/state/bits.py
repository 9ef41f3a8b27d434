"""The bits of the column ``bits``: what a row is or has chosen, one bit each."""

from __future__ import annotations

GONE = 1
OPTED_OUT = 2
NOT_ENROLLED = 4
DISCLOSES = 8

# Bits of the column ``news``: what of a row was published in the last step.
NEWS_LISTED = 1
NEWS_HONOURED = 2
NEWS_LOW_NEXT_DOOR = 4

# Paths by which a refusal comes about; that of a listing of one's own is its label, 0 .. 3.
BY_ANOTHER = 4
BY_SCORE = 5
BY_STALE_COPY = 6
BY_THIN_FILE = 7

# Days after the end of a listing on which its copies are looked at.
SOON_DAYS = 3
LATER_DAYS = 30
LAST_DAYS = 180
