"""Who takes part, and what an entry counts for those who do not."""

from __future__ import annotations

from glasshouse.stages.standing.enrolment_kernel import (
    CONSENT,
    MANDATORY,
    OPT_OUT,
    VOLUNTARY,
    chance_to_leave,
    points_taken,
)
from glasshouse.state.bits import GONE, NOT_ENROLLED, OPTED_OUT


def test_where_nobody_is_asked_everybody_is_scored() -> None:
    """A mandatory scheme knows neither consent nor leaving."""
    for bits in (0, NOT_ENROLLED, OPTED_OUT, NOT_ENROLLED | OPTED_OUT):
        assert points_taken(5, MANDATORY, bits) == 5
        assert points_taken(-5, MANDATORY, bits) == -5


def test_without_consent_only_what_lowers_counts() -> None:
    """What was not agreed to gives nothing, and takes all the same."""
    assert points_taken(5, CONSENT, NOT_ENROLLED) == 0
    assert points_taken(-5, CONSENT, NOT_ENROLLED) == -5
    assert points_taken(5, CONSENT, OPTED_OUT | GONE) == 5


def test_who_has_left_has_no_points() -> None:
    """Neither what raises nor what lowers; and nobody else is touched."""
    assert points_taken(5, OPT_OUT, OPTED_OUT) == points_taken(-5, OPT_OUT, OPTED_OUT) == 0
    assert points_taken(-5, OPT_OUT, NOT_ENROLLED) == -5


def test_the_chance_to_leave_follows_refusal_and_trust() -> None:
    """None at full trust, nearly the whole at none, the whole when refused."""
    hazard = 1 << 30
    assert chance_to_leave(hazard, 65535, 0) == 0
    assert chance_to_leave(hazard, 65535, 1) == hazard
    assert 0.999 * hazard < chance_to_leave(hazard, 0, 0) <= hazard


def test_where_enrolment_is_voluntary_nothing_is_held_against_who_stands_aside() -> None:
    """Neither what raises nor what lowers counts without consent; with it both do."""
    assert (
        points_taken(5, VOLUNTARY, NOT_ENROLLED) == points_taken(-5, VOLUNTARY, NOT_ENROLLED) == 0
    )
    assert (points_taken(5, VOLUNTARY, 0), points_taken(-5, VOLUNTARY, 0)) == (5, -5)
    assert points_taken(-5, VOLUNTARY, OPTED_OUT) == -5
