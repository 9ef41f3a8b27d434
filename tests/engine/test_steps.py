"""Month, week and day: the same acts on the same days; what feeds back differs, less and less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.engine.plan.plan import make_plan

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

    from glasshouse.engine.drivers import Driver
    from glasshouse.engine.simulation import Simulation

STEPS = ("month", "week", "day")
EVENTS = (
    "acts acts_seen entries entries_by_label entries_lost department_load strays found_unable"
    " not_followed_up"
).split()
OUTCOMES = (
    "acts_culpable acts_lawful acts_praised entries entries_not_theirs refusals listings"
    " silent_days"
).split()
LEVELS = "caution_sum gaming_sum habit_sum score_sum".split()
NEAR = 0.02


@pytest.fixture(scope="module")
def apart(lab: Lab) -> dict[str, Simulation]:
    """A year by month, week and day in which nothing feeds back on anything.

    Acts of every response class, two channels that err, departments that are late and lose,
    points by range and by slope, two instruments, and a list that nobody leaves.
    """
    acts = [
        lab.act("theft", "deterred", ratio=0.3, false_per_year=0.5),
        lab.act("rant", "chilled", culpable=False, seen_by={"platform": 0.4, "camera": 0.1}),
        lab.act("deed", "rewarded", culpable=False),
        lab.act("debt", "strained", debt=True, per_year=0.3, department="court"),
        lab.act("fault", who="enterprise", per_year=6, department="clerks"),
    ]
    slope = {"trait": "altruism", "per_eighth": 1, "noise": 5, "base": 1}
    books = {
        "book": [
            lab.scale(),
            lab.rule("retention", years=1),
            lab.points("theft", "debt", name="range", range=[-30, -3]),
            lab.points("rant", name="fixed", points=-5),
            lab.points("deed", name="slope", slope=slope),
            lab.register("debt", ability_test=True, term={"days": 3000}),
        ],
        "rating": [lab.scale(50), lab.points("fault", range=[-9, 9])],
    }
    sets = {
        "detection.camera.wrong_person": 0.3, "detection.platform.wrong_person": 0.1,
        "records.police.delay_days": 20, "records.court.delay_days": 60, "records.clerks.loss": 0.2,
        "process.cannot_pay_below": 0.3, "process.ability_specificity": 0.5,
        "process.pursued": 0.7, "process.entry_known": 0.5, "response.caution_per_entry": 0.3,
    }  # fmt: skip
    return {
        step: lab.run(
            acts, books, sets=sets, step=step, people=32_768, enterprises=0.03,
            enterprise_books=("rating",),
        )
        for step in STEPS
    }  # fmt: skip


def events_of(run: Simulation) -> dict[str, Any]:
    """Give what happened in a year: counts by arm and province, totals a person, open entries."""
    said: dict[str, Any] = {
        name: sum(getattr(record.counts, name) for record in run.history) for name in EVENTS
    }
    said |= run.world.outcome._asdict()
    for name in ("ledger_points", "score_points", "grade", "listed", "means", "aware"):
        said[name] = getattr(run.world.state, name)
    pool, opened = run.world.entries, run.world.opened.open_entries
    waiting = []
    for community, arm in np.ndindex(*opened.shape):
        columns = [
            getattr(pool, name)[community, arm, : opened[community, arm]] for name in pool._fields
        ]
        waiting += sorted(
            (community, arm, *map(int, entry)) for entry in zip(*columns, strict=True)
        )
    return {**said, "waiting": np.array(waiting)}


@pytest.mark.parametrize("step", ["month", "week"])
def test_without_feedback_the_step_changes_nothing(apart: dict[str, Simulation], step: str) -> None:
    """The same acts, detections and entries, for the same persons, on the same days.

    Days on lists alone may differ: of two grounds in a step the first in the pool lists.
    """
    daily, other = events_of(apart["day"]), events_of(apart[step])
    for name in EVENTS:
        assert daily[name][1].sum() > 0 or name == "strays", name
    on_days = {"listed_days", "silent_days"}
    for name in daily.keys() - on_days - {"found_unable", "not_followed_up"}:
        assert np.array_equal(daily[name], other[name]), name
    for name in ("found_unable", "not_followed_up"):
        assert np.array_equal(daily[name], other[name]), name


@pytest.fixture(scope="module")
def together(lab: Lab, compiled: Driver) -> dict[str, Simulation]:
    """A year by month, week and day under every kind of rule, with every feedback on."""
    return {
        step: lab.finished(
            make_plan(lab.everything(people=32_768, community_size=1024, step=step)), compiled
        )
        for step in STEPS
    }


def test_with_feedback_people_differ_less_with_a_shorter_step(
    together: dict[str, Simulation], record_property: Any
) -> None:
    """Persons at the week's step are nearer the day's than those at the month's.

    Compared are sums over the persons of absolute differences from the same person at a day's step;
    the Monte Carlo error is that of the paired difference between the two.
    """
    for name in OUTCOMES:
        by_step = {
            step: getattr(run.world.outcome, name)[:, 1].astype(int).ravel()
            for step, run in together.items()
        }
        off = {step: np.abs(by_step[step] - by_step["day"]) for step in ("month", "week")}
        gain = off["month"] - off["week"]
        error = gain.std(ddof=1) * len(gain) ** 0.5
        total = int(by_step["day"].sum())
        record_property(name, [int(off["month"].sum()), int(off["week"].sum()), total])
        assert gain.sum() > 3 * error, (name, gain.sum(), error)


def test_with_feedback_levels_differ_less_with_a_shorter_step(
    together: dict[str, Simulation], record_property: Any
) -> None:
    """Fear, gaming, habit and scores of the whole society approach those of a day's step.

    Where feedbacks of either sign meet, a month can come as near by chance as within two per cent.
    """
    for name in LEVELS:
        level = {
            step: int(getattr(run.history[-1].counts, name)[1].sum())
            for step, run in together.items()
        }
        month, week = (abs(level[step] / level["day"] - 1) for step in ("month", "week"))
        record_property(name, [month, week])
        assert week < max(month, NEAR) < 0.25, (name, month, week)
