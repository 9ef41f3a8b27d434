"""Refusals are tickets, not people: how many people stand behind so many refusals."""

from __future__ import annotations

from typing import NamedTuple


class Refused(NamedTuple):
    """What a run or a window of a statistic counted, both in the same time."""

    refusals: int
    people: int

    @property
    def each(self) -> float:
        """Refusals a person refused."""
        return self.refusals / self.people if self.people else 0.0

    def people_behind(self, refusals: float) -> float:
        """How many people so many refusals would be, at as many each."""
        return refusals / self.each if self.each else 0.0


def answer_to(claimed: int, run: Refused, window: Refused) -> str:
    """Answer the claim that so many people were refused, where the number counts refusals.

    ``window`` is the published window in which refusals and persons were both counted.
    """
    return (
        f"{claimed:,} is a number of refused tickets: this run had {run.refusals:,} refusals of "
        f"{run.people:,} people, {run.each:.1f} each, so that {claimed / 1e6:.0f} million refusals "
        f"would be {run.people_behind(claimed) / 1e6:.1f} million people; at the {window.each:.1f} "
        f"each of the one published count of both it would be "
        f"{window.people_behind(claimed) / 1e6:.1f} million."
    )
