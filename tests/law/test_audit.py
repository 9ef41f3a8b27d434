"""Audits count what is cited, what is guessed and what nobody cites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.law import audit

if TYPE_CHECKING:
    from tests.law.conftest import Rooms


def test_an_uncited_source_is_found(rooms: Rooms) -> None:
    """A source that no document cites is named."""
    assert audit.unused_sources(rooms.library) == ()
    rooms.change("sources/all.yaml", "gazette:", "idle: &\ngazette:".replace("&", idle_source()))
    assert audit.unused_sources(rooms.library) == ("idle",)
    assert audit.unused_sources(rooms.library, {"idle"}) == ()


def idle_source() -> str:
    """A source in flow style."""
    return "{title: t, by: b, kind: press, date: 2014-06-14, language: English, why: w}"


def test_guesses_and_citations_of_an_experiment_are_told(rooms: Rooms) -> None:
    """What is guessed is listed by its path, what is cited by its source."""
    experiment = rooms.library.resolve("try")
    guesses = audit.assumption_guesses(experiment.arms[0].assumptions)
    assert guesses["acts.late_bill.per_year"] == "tiny"
    assert audit.cited_by_experiment(experiment) == ("gazette",)


def test_who_declares_contexts_related_is_cited(rooms: Rooms) -> None:
    """A source for a relation of contexts is a source of every run that reads it."""
    described = "{title: W, by: w, kind: research, language: English, address: null, why: tiny}"
    rooms.write("sources/more.yaml", f"weekly: {described}\n")
    cited = "cite: {source: weekly, at: page 1}"
    rooms.change("assumptions/contexts.yaml", "guess: tiny", cited)
    experiment = rooms.library.resolve("try")
    assert audit.cited_by_experiment(experiment) == ("gazette", "weekly")


def test_provisions_are_counted_by_evidence(rooms: Rooms) -> None:
    """All five statuses are named, also those that no provision has."""
    counts = audit.by_evidence(rooms.library.rulebook("civic").provisions)
    assert counts["fiction"] == 6
    assert sum(counts.values()) == 6
    assert len(counts) == 5
