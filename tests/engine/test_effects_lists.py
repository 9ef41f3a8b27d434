"""Lists, off and on: notice, ability, contest, performance, term, count, whom they bar."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.engine.journal import ACT, LISTED
from glasshouse.engine.replay import replay
from glasshouse.stages.standing.standing_kernel import EXPIRED, N_REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.engine.conftest import Lab

    from glasshouse.engine.simulation import Simulation

FIRST_YEAR = {"until": "2021-01-01"}
"""With a second year in which nobody is listed, every listing is seen to its end."""

CONTEST = {"window_days": 30, "decide_days": 20, "suspends": False, "counted_from": "knowledge"}


def ended(listing: Any) -> list[Any]:
    """Give provisions: a list that is entered in the first year and lives on in the second."""
    never = {**listing, "id": "later", "from": "2021-01-01"}
    return [{**listing, **FIRST_YEAR}, {**never, "grounds": [{"id": "never", "acts": ["never"]}]}]


def lived(lab: Lab, sets: Mapping[str, float], *acts: Any, **said: Any) -> Simulation:
    """Run two years of a list of which nobody is put on in the second."""
    done = acts or (lab.act("debt"),)
    never = lab.act("never", per_year=0.001, seen_by={"camera": 0})
    listing = lab.register(done[0]["id"], **said)
    return lab.run([*done, never], {"book": ended(listing)}, sets=sets, years=2)


@pytest.mark.parametrize("reaches", [0.0, 0.3, 1.0])
def test_notice_sets_the_silent_days(lab: Lab, reaches: float) -> None:
    """Whom no notice reaches is silently listed to the end; whom it reaches, until it comes."""
    sets = {"process.notice_reaches": reaches, "process.notice_delay_days": 10}
    run = lived(lab, sets, term={"days": 60})
    listings = lab.total(run, "listed")
    known, silent = lab.total(run, "known_by_notice"), lab.total(run, "silent_days")
    assert lab.total(run, "listed_days") == 60 * listings
    lab.assert_share(known, listings, reaches)
    # A notice takes 0 .. 20 days, each as likely: mean 10, variance 440 / 12.
    mean = 10 * reaches + 60 * (1 - reaches)
    variance = reaches * (440 / 12) + reaches * (1 - reaches) * 50**2
    error = (variance / listings) ** 0.5
    assert abs(silent / listings - mean) <= lab.sigmas * error, (silent / listings, mean, error)


def test_without_a_duty_to_tell_nobody_is_told(lab: Lab) -> None:
    """Every day is silent where the law asks for no notice and no counter refuses."""
    run = lived(lab, {}, notice={"required": False})
    assert lab.total(run, "silent_days") == lab.total(run, "listed_days") > 0
    assert lab.total(run, "known_by_notice") == lab.total(run, "contests") == 0


def test_a_refusal_tells_whom_no_notice_reached(lab: Lab) -> None:
    """Where counters refuse, some learn there, and their silent days end."""
    sets = {"process.notice_reaches": 0, "counters.counter0.attempts_per_year": 12}
    measures = [{"counter": "counter0", "reaches": "person"}]
    run = lived(lab, sets, term={"days": 200}, measures=measures)
    assert 0 < lab.total(run, "known_by_refusal") < lab.total(run, "listed")
    assert lab.total(run, "silent_days") < lab.total(run, "listed_days")
    assert lab.total(run, "known_by_notice") == 0


@pytest.mark.parametrize("specificity", [0.5, 0.9, 1.0])
def test_the_ability_test_lists_those_who_cannot_pay_at_its_error(
    lab: Lab, specificity: float
) -> None:
    """Of grounds against those who cannot, 1 - specificity list; a perfect test lists none."""
    acts = lab.act("debt", "strained", debt=True, per_year=0.3)
    sets = {"process.ability_specificity": specificity, "process.cannot_pay_below": 0.2}
    run = lived(lab, sets, acts, ability_test=True, term={"days": 1})
    year = run.history[:12]
    grounds = sum(r.counts.entries_by_label[1].sum(axis=0) for r in year)
    dropped = lab.total(run, "found_unable")
    lab.assert_share(dropped, int(grounds[2]), specificity)
    by_label = lab.count(run, "listed").reshape(-1, 4).sum(axis=0)
    assert (by_label[2] == 0) == (specificity == 1.0)
    below = run.world.state.means[:, 1] < round(0.2 * 65536)
    assert (run.world.outcome.listed_days[:, 1, 0][below] == 0).all()
    assert (run.world.outcome.listed_days[:, 1, 2][~below] == 0).all()


@pytest.mark.parametrize("sensitivity", [0.0, 0.7])
def test_the_ability_test_misses_those_who_hide(lab: Lab, sensitivity: float) -> None:
    """Of grounds against those who can, so many list as the test finds."""
    acts = lab.act("debt", "strained", debt=True, per_year=0.3)
    sets = {"process.ability_sensitivity": sensitivity}
    run = lived(lab, sets, acts, ability_test=True, term={"days": 1})
    grounds = sum(int(r.counts.entries_by_label[1].sum()) for r in run.history[:12])
    lab.assert_share(lab.total(run, "found_unable"), grounds, 1 - sensitivity)


@pytest.mark.parametrize("pursued", [0.0, 0.4])
def test_offices_follow_up_as_many_grounds_as_set(lab: Lab, pursued: float) -> None:
    """The others are dropped without a word."""
    run = lived(lab, {"process.pursued": pursued}, lab.act("debt", per_year=0.2), term={"days": 1})
    grounds = sum(int(r.counts.entries[1].sum()) for r in run.history[:12])
    # The few who have two entries of a day share the office's luck; a quarter more error covers it.
    dropped = lab.total(run, "not_followed_up")
    error = (grounds * pursued * (1 - pursued)) ** 0.5
    assert abs(dropped - grounds * (1 - pursued)) <= 1.25 * lab.sigmas * error


@pytest.mark.parametrize(("wrongful", "rightful"), [(0.0, 0.0), (0.8, 0.1)])
def test_contests_are_won_at_the_rates_set(lab: Lab, wrongful: float, rightful: float) -> None:
    """The wrongly and the rightly listed contest alike and win at their own rates."""
    sets = {
        "process.contest_if_literate": 0.4,
        "process.contest_if_not": 0.4,
        "process.overturned_if_wrongful": wrongful,
        "process.overturned_if_rightful": rightful,
        "process.deletion_days": 7,
        "detection.camera.wrong_person": 0.3,
    }
    run = lived(lab, sets, contest=CONTEST, term={"until": "performed"})
    known, contests = lab.total(run, "known_by_notice"), lab.count(run, "contests")
    lab.assert_share(int(contests.sum()), known, 0.4)
    overturned = lab.count(run, "overturned")
    lab.assert_share(int(overturned[0]), int(contests[0]), rightful)
    lab.assert_share(int(overturned[1]), int(contests[1]), wrongful)
    left = lab.count(run, "left").reshape(-1, 5).sum(axis=0)
    assert left[1] == overturned.sum() == left.sum()
    # Whoever wins is off 20 + 7 days after the notice, which came at once.
    if overturned.sum():
        weeks = lab.count(run, "spells_ended").reshape(4, -1).sum(axis=0)
        assert weeks.nonzero()[0].tolist() == [(20 + 7) // 7]


def test_literacy_moves_who_contests(lab: Lab) -> None:
    """From never, at no literacy, to always at the top, in proportion."""
    run = lived(lab, {"process.contest_if_literate": 1}, contest=CONTEST, term={"days": 700})
    literacy = run.world.rows.literacy / 65536
    mean = float((run.world.outcome.listings[:, 1] * literacy).sum())
    contests = lab.total(run, "contests")
    assert abs(contests - mean) <= lab.sigmas * (lab.total(run, "listed") / 4) ** 0.5


def test_distrust_keeps_from_contesting(lab: Lab) -> None:
    """Refusals cost trust, and who trusts less contests less; otherwise trust changes nothing."""
    measures = [{"counter": "counter0", "reaches": "person"}]
    listing = lab.register("debt", contest=CONTEST, measures=measures, term={"days": 30})
    lost = {"response.trust_lost_per_refusal": 0.3}
    run = lab.run(
        [lab.act("debt")],
        {"book": [listing]},
        {
            "trusting": (("book",), {"response.trust_moves_contest": 0.9}),
            "unmoved": (("book",), {**lost, "response.trust_moves_contest": 0}),
            "bitter": (("book",), {**lost, "response.trust_moves_contest": 0.9}),
        },
        sets={
            "process.contest_if_literate": 0.8,
            "process.contest_if_not": 0.8,
            "counters.counter0.attempts_per_year": 12,
        },
        years=2,
    )
    contests = [lab.total(run, "contests", arm) for arm in (1, 2, 3)]
    assert contests[0] == contests[1]
    assert contests[0] - contests[2] > lab.sigmas * contests[0] ** 0.5
    assert (run.world.state.trust[:, 1] == 65535).all()


@pytest.mark.parametrize(("refused", "lost"), [(0.0, 0.0), (0.3, 0.2)])
def test_performance_is_refused_and_lost_at_the_rates_set(
    lab: Lab, refused: float, lost: float
) -> None:
    """The rest come off the list, after the days that deletion takes."""
    sets = {
        "process.perform_per_year": 3,
        "process.performance_refused": refused,
        "process.performance_lost": lost,
        "process.deletion_days": 40,
    }
    run = lived(lab, sets, term={"until": "performed"}, performance={"deletes": True})
    tries = lab.total(run, "performances")
    lab.assert_share(lab.total(run, "performances_refused"), tries, refused)
    lab.assert_share(lab.total(run, "performances_lost"), tries, lost)
    credited = tries - lab.total(run, "performances_refused") - lab.total(run, "performances_lost")
    left = lab.count(run, "left").reshape(-1, 5).sum(axis=0)
    waiting = (run.world.listings.leave_reason[:, 1] == 2) & (
        np.arange(run.plan.sizes.listings) < run.world.opened.open_listings[:, 1, None]
    )
    assert credited == left[2] + waiting.sum()
    assert left[2] == left.sum() > 0


def test_who_cannot_pay_cannot_perform(lab: Lab) -> None:
    """Below the level of means nobody comes off by performance, however long it takes."""
    sets = {"process.perform_per_year": 12, "process.cannot_pay_below": 0.2}
    run = lived(lab, sets, term={"until": "performed"}, performance={"deletes": True})
    on = (run.world.state.listed[:, 1] & 1) == 1
    below = run.world.state.means[:, 1] < round(0.2 * 65536)
    assert on[below].sum() > 100
    assert on.sum() - on[below].sum() < 0.01 * on.sum()


def test_a_term_ends_on_its_day(lab: Lab) -> None:
    """Listings of 60 days spend 60 days on the list, and leave for no other reason."""
    run = lived(lab, {"process.decision_delay_days": 12}, term={"days": 60})
    listings = lab.total(run, "listed")
    assert lab.total(run, "listed_days") == 60 * listings > 0
    assert lab.count(run, "left").reshape(-1, 5).sum(axis=0).tolist() == [0, 0, 0, listings, 0]
    assert run.world.outcome.listings[:, 1].sum() == listings


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_counted_ground_waits_for_its_count(lab: Lab, count: int) -> None:
    """Within a year without end to the window, the listed are those with so many entries."""
    ground = {"id": "n", "acts": ["plain"], "count": count, "within_days": 400}
    listing = lab.register(grounds=[ground], term={"days": 3000})
    run = lab.run([lab.act("plain", per_year=2)], {"book": [listing]}, people=16_384)
    outcome = run.world.outcome
    assert np.array_equal(outcome.listings[:, 1] > 0, outcome.entries[:, 1] >= count)
    assert 0 < lab.total(run, "listed") < 16_384


def test_a_counted_ground_forgets_what_lies_outside_its_window(lab: Lab) -> None:
    """A shorter window lists fewer, and none whom a longer one does not."""
    books = {
        f"within{days}": [
            lab.register(
                grounds=[{"id": "n", "acts": ["plain"], "count": 3, "within_days": days}],
                term={"days": 3000},
            )
        ]
        for days in (7, 60, 400)
    }
    arms: dict[str, Any] = {name: ((name,), {}) for name in books}
    run = lab.run([lab.act("plain")], books, arms, people=16_384)
    few, some, most = (run.world.outcome.listings[:, arm] > 0 for arm in (1, 2, 3))
    assert (few <= some).all()
    assert (some <= most).all()
    assert 0 < few.sum() < some.sum() < most.sum()


@pytest.mark.parametrize("reaches", ["person", "household"])
def test_a_measure_reaches_whom_it_says(lab: Lab, reaches: str) -> None:
    """Refused are the listed alone, or their households and nobody beyond."""
    listing = lab.register(
        "debt", measures=[{"counter": "counter0", "reaches": reaches}], term={"days": 200}
    )
    run = lab.run(
        [lab.act("debt", per_year=0.2)],
        {"book": [listing]},
        sets={"counters.counter0.attempts_per_year": 6, "counters.counter0.means_loss": 0.05},
        people=16_384,
        community_size=256,
    )
    outcome, rows = run.world.outcome, run.world.rows
    listed, refused = outcome.listings[:, 1] > 0, outcome.refusals[:, 1] > 0
    innocent = refused & ~listed
    assert (refused & listed).any()
    assert innocent.any() == (reaches == "household")
    for community, slot in np.argwhere(innocent):
        first = rows.household_first[community, slot]
        assert listed[community, first : first + rows.household_size[community, slot]].any()
    poorer = run.world.state.means[:, 1] < run.world.state.means[:, 0]
    assert np.array_equal(poorer, refused & (run.world.state.means[:, 0] > 0))
    assert outcome.burden_yuan[:, 1].sum() == 100 * lab.total(run, "attempts")
    assert lab.total(run, "refusals", 0) == 0


def test_a_suspending_contest_opens_the_counters_again(lab: Lab) -> None:
    """While a contest that suspends is undecided, nothing bars; otherwise it bars on."""
    contest = {"window_days": 400, "decide_days": 300, "counted_from": "knowledge"}
    measures = [{"counter": "counter0", "reaches": "person"}]
    books = {
        name: [
            lab.register(
                "debt",
                contest={**contest, "suspends": name == "kind"},
                measures=measures,
                term={"days": 3000},
            )
        ]
        for name in ("hard", "kind")
    }
    always = {"process.contest_if_literate": 1, "process.contest_if_not": 1}
    run = lab.run(
        [lab.act("debt")],
        books,
        {name: ((name,), always) for name in books},
        sets={"counters.counter0.attempts_per_year": 12},
    )
    assert lab.total(run, "listed", 1) == lab.total(run, "listed", 2)
    assert lab.total(run, "refusals", 2) < 0.2 * lab.total(run, "refusals", 1)


@pytest.mark.parametrize("delay", [0, 30])
@pytest.mark.parametrize(("count", "days"), [(2, 7), (2, 60), (3, 7), (3, 60)])
def test_a_counted_ground_lists_exactly_whose_acts_lie_close_enough(
    lab: Lab, count: int, days: int, delay: int
) -> None:
    """However late and in whatever order the entries are written, the acts' days decide."""
    ground = {"id": "n", "acts": ["plain"], "count": count, "within_days": days}
    book = [lab.register(grounds=[ground], term={"days": 3000})]
    plan = lab.plan(
        [lab.act("plain", per_year=6)],
        {"book": book},
        people=512,
        community_size=512,
        sets={"records.police.delay_days": delay},
    )
    run = lab.finished(plan, lab.compiled)
    acts: dict[int, list[int]] = defaultdict(list)
    events = replay(plan, [record.institutions for record in run.history], 0)
    for event in events:
        if event.arm == 1 and event.what == ACT and event.second:
            acts[event.slot].append(event.day)

    def close(days_of: list[int]) -> bool:
        ordered = sorted(days_of)
        spans = zip(ordered, ordered[count - 1 :], strict=False)
        return any(last - first <= days for first, last in spans)

    # Entries that the end of the run finds unwritten list nobody yet.
    end = plan.steps[-1].end_day
    listed = {event.slot for event in events if event.arm == 1 and event.what == LISTED}
    sure = {
        slot for slot, on in acts.items() if close([day for day in on if day + 2 * delay < end])
    }
    maybe = {slot for slot, on in acts.items() if close(on)}
    assert sure <= listed <= maybe
    assert sure


@pytest.mark.parametrize("colour", ["black", "red"])
def test_a_list_that_is_given_up_frees_everybody(lab: Lab, colour: str) -> None:
    """With its rule a listing expires, on the first day of the step from which there is none.

    Nobody is put on, learns of it or spends a day there afterwards; a red list stays a red one.
    """
    acts = [lab.act("debt")]
    listing = lab.register("debt", term={"days": 3000}, **FIRST_YEAR, colour=colour)
    run = lab.run(acts, {"book": [listing]}, years=2)
    on, off = ("honoured_open", "honoured_ended") if colour == "red" else ("stock", "left")
    assert lab.at(run, on, 11).sum() > 100
    assert lab.at(run, off, 12).sum() == lab.at(run, on, 11).sum()
    gone = lab.at(run, "left", 12)
    assert gone[EXPIRED::N_REASONS].sum() == gone.sum()
    for step in range(12, 24):
        for name in (on, "listed", "listed_days", "known_by_notice", "stock", "honoured"):
            assert lab.at(run, name, step).sum() == 0, (name, step)
    assert not run.world.state.listed.any()
    assert run.world.opened.open_listings.sum() == 0
