"""The window for an appeal: open as often as the notice comes in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from glasshouse.experiment.validation.comparison import Comparison, share
from glasshouse.experiment.validation.runner import Runner, Seeds, Workshop
from glasshouse.experiment.validation.world import Act, World, black_list, total
from glasshouse.law.validate import Strict

FIRST_MONTHS = 3
NEVER_AGAIN = 36_525


class Parameters(Strict):
    """How long one may appeal, and when the notice comes."""

    window_days: Annotated[int, Field(ge=1, le=36_525)]
    notice_delay_days: Annotated[int, Field(ge=0, le=1000)]
    """The mean; delays are spread evenly over 0 .. 2 x the mean."""
    notice_reaches: Annotated[float, Field(ge=0, le=1)] = 1.0
    """Share of notices that ever arrive."""
    counted_from: Literal["decision", "knowledge"] = "decision"
    people: Annotated[int, Field(ge=1000, le=2_000_000)] = 32_768

    @property
    def in_time(self) -> float:
        """The chance that the notice arrives within the window."""
        days = 2 * self.notice_delay_days + 1
        open_days = min(self.window_days + 1, days) if self.counted_from == "decision" else days
        return self.notice_reaches * open_days / days


def run(given: Parameters, seeds: Seeds, workshop: Workshop) -> Iterator[Comparison]:
    """Compare the appeals with the listings; everybody appeals who still can.

    Nobody is listed twice: a listing outlasts the run, and nobody after the first months, so that
    all notices arrive within it.
    """
    contest = {
        "window_days": given.window_days, "decide_days": 30, "suspends": False,
        "counted_from": given.counted_from,
    }  # fmt: skip
    said: dict[str, Any] = {
        "list": "listed", "title": "Listed", "contest": contest, "term": {"days": NEVER_AGAIN},
    }  # fmt: skip
    acts = [Act("deed", 2.0, 1.0), Act("never", 0.001, 0.0)]
    rules = [
        {**black_list("first", "deed", **said), "until": f"2020-0{1 + FIRST_MONTHS}-01"},
        {**black_list("later", "never", **said), "from": f"2020-0{1 + FIRST_MONTHS}-01"},
    ]
    sets = {
        "process.notice_delay_days": float(given.notice_delay_days),
        "process.notice_reaches": given.notice_reaches,
        "process.contest_if_literate": 1.0,
        "process.contest_if_not": 1.0,
    }
    years = 1 + (2 * given.notice_delay_days + 31 * FIRST_MONTHS) // 365
    appeals = listed = 0
    for seed in seeds:
        world = World(acts, rules, sets, given.people, years, seed)
        found = workshop.finished(world.experiment(workshop.empty()))
        appeals += total(found, "contests")
        listed += total(found, "listed")
    yield share("appeals filed a listing", appeals, listed, given.in_time, slack=2.0**-16)


RUNNER = Runner("appeal_window", Parameters, run, "the engine")
