"""Two codings of one law are compared fact by fact, however they cut it into provisions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from glasshouse.law.audit import codings
from glasshouse.law.library import Library
from glasshouse.law.rulebook import Listing, Points, Rulebook
from glasshouse.law.second_coding import agreement, differences

LIBRARY = Library()
BOOK = LIBRARY.rulebook("pellucid-civic-score")


def changed(book: Rulebook, place: int, **values: Any) -> Rulebook:
    """Give a rulebook with one provision changed."""
    provisions = list(book.provisions)
    provisions[place] = provisions[place].model_copy(update=values)
    return book.model_copy(update={"provisions": tuple(provisions)})


def test_a_coding_agrees_with_itself() -> None:
    """No fact differs, and all are alike."""
    assert differences(BOOK, BOOK) == ()
    alike, stated = agreement(BOOK, BOOK)
    assert alike == stated > 20


def test_cutting_a_provision_in_two_is_no_difference() -> None:
    """Acts named together or apart say the same."""
    together = next(p for p in BOOK.provisions if isinstance(p, Points) and len(p.acts) > 1)
    apart = [
        together.model_copy(update={"id": f"{together.id}-{act}", "acts": (act,)})
        for act in together.acts
    ]
    others = tuple(p for p in BOOK.provisions if p is not together)
    assert differences(BOOK, BOOK.model_copy(update={"provisions": (*others, *apart)})) == ()


@pytest.mark.parametrize("place", range(len(BOOK.provisions)))
def test_a_missing_provision_is_a_difference(place: int) -> None:
    """What one coder leaves out is told, as not coded."""
    provisions = tuple(p for at, p in enumerate(BOOK.provisions) if at != place)
    found = differences(BOOK, BOOK.model_copy(update={"provisions": provisions}))
    assert found
    assert any("not coded" in difference.second for difference in found)


def test_another_value_and_another_standing_are_told_apart() -> None:
    """The points of an act, and how well they are known, are two facts."""
    place, provision = next(
        (at, p) for at, p in enumerate(BOOK.provisions) if isinstance(p, Points) and p.points
    )
    other = changed(BOOK, place, points=(provision.points or 0) + 1)
    assert {d.fact for d in differences(BOOK, other)} == {f"points.{a}" for a in provision.acts}
    other = changed(BOOK, place, evidence="documented")
    facts = {d.fact for d in differences(BOOK, other)}
    assert facts == {f"points.{act} (evidence)" for act in provision.acts}


def test_a_measure_counts_on_its_days_only() -> None:
    """A measure dated within a list says what two lists say, one before its day and one after."""
    place, listing = next((at, p) for at, p in enumerate(BOOK.provisions) if isinstance(p, Listing))
    day = listing.from_date + dt.timedelta(days=100)
    late = (listing.measures[0].model_copy(update={"from_date": day}), *listing.measures[1:])
    dated = changed(BOOK, place, measures=late)
    earlier = listing.model_copy(update={"measures": late[1:], "until_date": day})
    later = listing.model_copy(update={"id": f"{listing.id}-later", "from_date": day})
    others = [p for p in BOOK.provisions if p is not listing]
    cut = BOOK.model_copy(update={"provisions": (*others, earlier, later)})
    assert differences(dated, cut) == ()
    assert [d.since for d in differences(BOOK, dated)] == [listing.from_date]


def test_every_difference_in_the_house_is_mended_or_explained() -> None:
    """A finding stands for each difference of two codings, and for nothing else."""
    found = {
        (d.rulebook, d.fact, d.first, d.second)
        for coding in codings(LIBRARY)
        for d in coding.differences
    }
    said = [one for finding in LIBRARY.findings() for one in finding.explained()]
    assert len(said) == len(set(said))
    assert found == set(said)
