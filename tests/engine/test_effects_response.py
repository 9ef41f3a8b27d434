"""How people change, off and on: deterred, chilled, gaming, strained; from what they know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

    from glasshouse.engine.simulation import Simulation

DAYS_A_YEAR = 365.2425
SOCIETY = {"people": 65_536, "years": 2}


def world(lab: Lab) -> tuple[list[Any], dict[str, Any]]:
    """Give an act of each response class, all seen and all worth points."""
    acts = [
        lab.act("theft", "deterred"),
        lab.act("rant", "chilled", culpable=False),
        lab.act("deed", "rewarded", culpable=False),
        lab.act("bill", "strained"),
        lab.act("plain"),
    ]
    names = [act["id"] for act in acts]
    return acts, {"book": [lab.scale(), lab.points(*names, points=-1)]}


def by_type(lab: Lab, run: Simulation, arm: int) -> list[int]:
    """Give the acts of an arm by type."""
    found: list[int] = lab.count(run, "acts", arm).tolist()
    return found


def test_deterrence_lowers_deterred_acts_and_no_others(lab: Lab) -> None:
    """Person by person no more than without, in sum far fewer; the others' acts are the same."""
    fear = {"response.caution_per_entry": 0.5}
    run = lab.run(
        *world(lab),
        {"off": (("book",), fear), "on": (("book",), {**fear, "response.deterrence": 0.5})},
        **SOCIETY,
    )
    done = run.world.outcome.acts_culpable
    assert np.array_equal(done[:, 0], done[:, 1])
    assert (done[:, 2] <= done[:, 1]).all()
    lab.assert_lower(done[:, 2], done[:, 1])
    off, on = by_type(lab, run, 1), by_type(lab, run, 2)
    assert off[1:] == on[1:] == by_type(lab, run, 0)[1:]
    assert on[0] < 0.9 * off[0]


def test_fear_at_its_height_halves_what_it_can_halve(lab: Lab) -> None:
    """With every entry known and full caution at the first, deterrence 0.5 halves what follows."""
    fear = {"response.caution_per_entry": 1, "response.deterrence": 0.5}
    run = lab.run(*world(lab), {"on": (("book",), fear)}, **SOCIETY)
    last = run.history[12:]
    cautious = run.world.state.caution[:, 1] > 60_000
    assert cautious.mean() > 0.7
    acts = [sum(r.counts.acts[arm].sum(axis=0)[0] for r in last) for arm in (0, 1)]
    # Rounding of 16-bit levels, and the few whose first entry came in the second year.
    assert 0.495 < acts[1] / acts[0] < 0.53


def test_silence_lowers_lawful_sensitive_acts_and_no_others(lab: Lab) -> None:
    """Speech falls silent where entries for speech are known; nothing else moves."""
    hush = {"response.silence_per_entry": 0.5}
    run = lab.run(
        *world(lab),
        {"off": (("book",), hush), "on": (("book",), {**hush, "response.chilling": 0.8})},
        **SOCIETY,
    )
    done = run.world.outcome.acts_lawful
    assert np.array_equal(done[:, 0], done[:, 1])
    assert (done[:, 2] <= done[:, 1]).all()
    lab.assert_lower(done[:, 2], done[:, 1])
    off, on = by_type(lab, run, 1), by_type(lab, run, 2)
    assert off[:1] + off[2:] == on[:1] + on[2:]


def test_full_gaming_raises_praised_acts_by_its_gain(lab: Lab) -> None:
    """Where all know and game at once, praised acts are thrice as many, the others the same."""
    gaming = {"response.gaming_per_year": 1}
    run = lab.run(
        *world(lab),
        {
            "off": (("book",), gaming),
            "on": (("book",), {**gaming, "response.gaming_gain": 3}),
            "unaware": (
                ("book",),
                {
                    **gaming,
                    "response.gaming_gain": 3,
                    "response.aware": 0,
                    "process.entry_known": 0,
                },
            ),
        },
        **SOCIETY,
    )
    done = run.world.outcome.acts_praised
    assert np.array_equal(done[:, 0], done[:, 1])
    assert np.array_equal(done[:, 0], done[:, 3])
    assert (done[:, 2] >= done[:, 1]).all()
    lab.assert_lower(done[:, 1], done[:, 2])
    later = [sum(r.counts.acts[arm].sum(axis=0)[2] for r in run.history[2:]) for arm in (1, 2)]
    days = lab.adult_days(run) * (len(run.history) - 2) / len(run.history)
    assert abs(later[1] / (4 * 3 * days / DAYS_A_YEAR) - 1) < 0.01
    lab.assert_share(later[0], later[1], 1 / 3)
    off, on = by_type(lab, run, 1), by_type(lab, run, 2)
    assert off[:2] + off[3:] == on[:2] + on[3:]


def test_who_knows_of_nothing_changes_in_nothing(lab: Lab) -> None:
    """Without awareness and known entries all arms behave as the baseline does."""
    strong = {
        "response.caution_per_entry": 1, "response.deterrence": 1, "response.chilling": 1,
        "response.silence_per_entry": 1, "response.gaming_gain": 3, "response.gaming_per_year": 1,
        "response.habit_per_year": 1, "response.habit_keeps": 1,
    }  # fmt: skip
    blind = {**strong, "response.aware": 0, "process.entry_known": 0}
    run = lab.run(
        *world(lab), {"blind": (("book",), blind), "seeing": (("book",), strong)}, **SOCIETY
    )
    assert by_type(lab, run, 0) == by_type(lab, run, 1) != by_type(lab, run, 2)
    for name in ("caution", "silence", "gaming", "habit", "aware"):
        column = getattr(run.world.state, name)
        assert not column[:, 1].any(), name
        assert column[:, 2].any(), name


@pytest.mark.parametrize("aware", [0.3, 0.9])
def test_awareness_is_as_common_as_set(lab: Lab, aware: float) -> None:
    """Where a scheme is in force; in the baseline nobody knows of one."""
    sets = {"response.aware": aware, "process.entry_known": 0}
    run = lab.run(*world(lab), sets=sets, **SOCIETY)
    knows = run.world.state.aware
    lab.assert_share(int(knows[:, 1].sum()), 65_536, aware)
    assert not knows[:, 0].any()


def test_habit_keeps_what_fear_began(lab: Lab) -> None:
    """When acts cost nothing more, fear fades and habit stays: fewer acts than without habit."""
    acts, books = world(lab)
    scale, points = books["book"]
    over = {**points, "until": "2021-01-01"}
    free = {**points, "id": "free", "from": "2021-01-01", "points": 0}
    books = {"book": [scale, over, free]}
    fear = {
        "response.caution_per_entry": 0.8, "response.deterrence": 0.5,
        "response.caution_fades_per_year": 0.99, "response.habit_keeps": 0.5,
    }  # fmt: skip
    run = lab.run(
        acts,
        books,
        {"fear": (("book",), fear), "habit": (("book",), {**fear, "response.habit_per_year": 0.9})},
        people=65_536,
        years=4,
    )
    last = [sum(r.counts.acts[arm].sum(axis=0)[0] for r in run.history[-6:]) for arm in range(3)]
    # A hundredth of the fear is left after a year without news.
    assert abs(last[1] / last[0] - 1) < 0.01
    assert last[2] < last[1] - lab.sigmas * last[1] ** 0.5


def test_news_of_a_listing_frightens_who_knows_the_listed(lab: Lab) -> None:
    """Where lists are published, ties of the listed grow cautious without an entry of their own."""
    acts = [lab.act("debt", per_year=0.3)]
    books = {
        name: [lab.register("debt", published=name == "loud", term={"days": 30})]
        for name in ("quiet", "loud")
    }
    run = lab.run(
        acts,
        books,
        {name: ((name,), {}) for name in books},
        sets={"response.caution_per_tie_listed": 0.3, "process.notice_reaches": 0},
        people=16_384,
    )
    caution = run.world.state.caution
    assert not caution[:, 1].any()
    afraid = caution[:, 2] > 0
    assert afraid.any()
    assert (afraid & (run.world.outcome.entries[:, 2] == 0)).any()


def test_want_strains(lab: Lab) -> None:
    """At strain 4 those without means do four times the strained acts of those with full means."""
    acts = [lab.act("bill", "strained")]
    run = lab.run(acts, {}, {}, sets={"response.strain": 4}, people=262_144)
    rows = run.world.rows
    adult = (rows.kind == 1) & (rows.birth_month <= -19 * 12)
    done, means = run.world.outcome.acts_culpable[:, 0], rows.means_start
    poor, rich = adult & (means == 0), adult & (means == 65_535)
    years = sum(w.end_day - w.first_day for w in run.plan.steps) / DAYS_A_YEAR
    # Means spread evenly would give the mean factor 5 / 8 of the poorest.
    lab.assert_poisson(int(done[poor].sum()), 4 / 0.625 * years * poor.sum())
    lab.assert_poisson(int(done[rich].sum()), 1 / 0.625 * years * rich.sum())


def test_means_lost_at_counters_come_back_in_time(lab: Lab) -> None:
    """A refusal takes its share of means; what was lost comes back at the rate set."""
    measures = [{"counter": "counter0", "reaches": "person"}]
    listing = {**lab.register("debt", measures=measures, term={"days": 30}), "until": "2020-07-01"}
    never = lab.act("never", per_year=0.001, seen_by={"camera": 0})
    run = lab.run(
        [lab.act("debt"), never],
        {"book": [listing, lab.register("never", name="never")]},
        {
            "lost": (("book",), {}),
            "back": (("book",), {"response.means_recovers_per_year": 0.5}),
        },
        sets={"counters.counter0.attempts_per_year": 12, "counters.counter0.means_loss": 0.05},
        people=16_384,
        years=2,
    )
    missing = [
        [int(r.counts.means_sum[0].sum()) - int(r.counts.means_sum[arm].sum()) for r in run.history]
        for arm in (1, 2)
    ]
    assert missing[0][8] == missing[0][-1] > 0
    assert 0 < missing[1][8] < missing[0][8]
    # Fifteen months at one half a year; recovery rounds up.
    days = run.plan.steps[-1].end_day - run.plan.steps[8].end_day
    assert abs(missing[1][-1] / missing[1][8] / 0.5 ** (days / DAYS_A_YEAR) - 1) < 0.02
