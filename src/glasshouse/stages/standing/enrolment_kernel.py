"""Who takes part in a scheme that asks for consent, or that may be left."""

from __future__ import annotations

from glasshouse.kernel import i64, kernel
from glasshouse.state.bits import NOT_ENROLLED, OPTED_OUT

MANDATORY = 0
CONSENT = 1
OPT_OUT = 2
VOLUNTARY = 3


@kernel
def takes_part(enrolment: int, bits: int) -> bool:
    """Say whether a scheme of this enrolment may give the row anything."""
    asked = i64(enrolment)
    stands_aside = (i64(bits) & NOT_ENROLLED) != 0
    has_left = (i64(bits) & OPTED_OUT) != 0
    asks = (asked == CONSENT) | (asked == VOLUNTARY)
    return not ((asks & stands_aside) | ((asked == OPT_OUT) & has_left))


@kernel
def may_be_held_to(enrolment: int, bits: int) -> bool:
    """Say whether a scheme may hold anything against the row: all but who has left an open one.

    Where consent is asked, violations are recorded of those too who have not given it; where
    enrolment is voluntary, nothing is.
    """
    asked = i64(enrolment)
    has_left = (asked == OPT_OUT) & ((i64(bits) & OPTED_OUT) != 0)
    stands_aside = (asked == VOLUNTARY) & ((i64(bits) & NOT_ENROLLED) != 0)
    return not (has_left | stands_aside)


@kernel
def points_taken(points: int, enrolment: int, bits: int) -> int:
    """Give what of an entry's points a scheme of this enrolment counts for the row."""
    taken = points if takes_part(enrolment, bits) else min(points, 0)
    return taken if may_be_held_to(enrolment, bits) else 0


@kernel
def chance_to_leave(hazard: int, trust: int, refused: int) -> int:
    """Give the chance (32 bits) to leave: whole for who was refused, else by the trust lost."""
    return hazard if refused != 0 else (hazard >> 16) * (65535 - i64(trust))
