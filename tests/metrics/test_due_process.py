"""Due process against counts of a handful, and the law that is read for the ways off."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.metrics.hand import NAMES, parts_of, seen, steps, value_of, values_of

from glasshouse.law.library import Library
from glasshouse.metrics import due_process
from glasshouse.metrics.recourse import Ways, ways_off

# By province and label: rightly, not theirs, could not, lawful.
ENDED = np.zeros((2, 4, 120), int)
ENDED[0, 0, 5], ENDED[1, 0, 9], ENDED[0, 1, 3], ENDED[1, 2, 3] = 2, 2, 1, 3
OPEN = np.zeros((2, 4, 120), int)
OPEN[1, 1, 30] = 4
STOCK = np.array([[[0, 0, 0, 0]], [[0, 4, 0, 0]]])
"""4 rightly (off in weeks 5 and 9); 8 wrongly: 4 off in week 3, 4 still open in week 30."""

COUNTED = steps(
    spells_ended=ENDED, spells_open=OPEN, stock=STOCK,
    listed=[[[2, 1, 0, 0]], [[2, 5, 3, 0]]],
    known_by_refusal=[2, 4], known_by_notice=[1, 1], known_by_look=[0, 0],
    contests=[[1, 1, 0, 0], [1, 1, 2, 0]], overturned=[[0, 1, 0, 0], [1, 0, 1, 0]],
    refusals=[[6, 2], [10, 2]], refusals_overdetermined=[[1, 0], [4, 0]],
    window_closed=[[1, 0, 0, 0], [0, 1, 1, 0]],
    reviewed=[[1, 0, 0, 0], [2, 1, 0, 0]], review_stopped=[[0, 0, 0, 0], [0, 1, 1, 0]],
    copies_told=[[4, 4, 4], [6, 6, 6]], copies_late=[[4, 2, 0], [4, 1, 0]],
    known_after=np.array([[1, 2, 0, 0], [0, 3, 0, 2]]),
)  # fmt: skip


def test_how_listings_become_known_by_hand() -> None:
    """Of 8 that became known 6 at a counter, 2 from a notice; of 13 decided 5 never did."""
    found = values_of(due_process.first_known_at_counter_share, seen(counts=COUNTED))
    assert found == {"": 0.75, "from a notice": 0.25, "from the own file": 0}
    assert value_of(due_process.never_known_share, seen(counts=COUNTED)) == pytest.approx(5 / 13)


def test_the_median_until_known_by_hand() -> None:
    """Of 8 one knows in week 0, five in week 1, two in week 3: the half is in week 1, day 10.5."""
    assert value_of(due_process.days_until_known, seen(counts=COUNTED)) == 10.5


def test_silent_days_by_hand() -> None:
    """3 persons listed 10, 20 and 30 days did not know for 5, 20 and 5 of them: 30 of 60."""
    some = seen(
        listed_days_rightly=[10, 20, 30, 0, 0, 0, 0, 0], silent_days=[5, 20, 5, 0, 0, 0, 0, 0]
    )
    assert value_of(due_process.silent_day_share, some) == 0.5
    assert value_of(due_process.silent_days_per_listed, some) == 10


def test_who_contests_and_who_wins_by_hand() -> None:
    """Wrongly: 4 of 8 contested, 2 won. Rightly: 2 of 4 contested, 1 won. Odds 1 over 1."""
    some = seen(counts=COUNTED)
    gap = values_of(due_process.contest_gap, some)
    assert gap == {"wrongly listed": 0.5, "rightly listed": 0.5}
    won = values_of(due_process.contests_won_share, some)
    assert won == {"wrongly listed": 0.5, "rightly listed": 0.5}
    assert value_of(due_process.contest_odds_ratio, some) == 1.0


def test_the_odds_ratio_of_a_fair_court_by_hand() -> None:
    """3 of 4 won by the wrongly, 1 of 5 by the rightly listed: (3/1) / (1/4) = 12."""
    counts = steps(contests=[[5, 4, 0, 0], [0, 0, 0, 0]], overturned=[[1, 3, 0, 0], [0, 0, 0, 0]])
    assert value_of(due_process.contest_odds_ratio, seen(counts=counts)) == 12


def test_the_time_to_remedy_by_hand() -> None:
    """Of 4 rightly listed 2 end in week 5 and 2 in week 9: half are off in week 5, day 38.5.

    Of 8 wrongly listed 4 end in week 3 and 4 are still there in week 30: half off in week 3.
    """
    found = parts_of(due_process.days_to_remedy, seen(counts=COUNTED))
    assert found["rightly listed"].value == 38.5
    assert found["wrongly listed"].value == 24.5
    assert "copies were not followed" in found["wrongly listed"].why
    free = values_of(due_process.free_in_time_share, seen(counts=COUNTED))
    assert free["rightly listed, within 91 days"] == 1.0
    assert free["wrongly listed, within 91 days"] == 0.5
    assert math.isnan(free["wrongly listed, within 364 days"])


def test_a_listing_is_not_remedied_while_a_copy_refuses() -> None:
    """Of the 4 wrongly listed that ended in week 3, 3 are restored in week 6, one never.

    After week 3 one of 8 is no longer seen; 3 of the 7 others are free in week 6: 4/7 are not.
    """
    restored = np.zeros((2, 4, 120), int)
    restored[0, 0, 5], restored[1, 0, 9], restored[1, 2, 6] = 2, 2, 3
    some = seen(counts={**COUNTED, "restored": restored[None]})
    found = parts_of(due_process.days_to_remedy, some)
    assert found["rightly listed"].value == 38.5
    assert math.isnan(found["wrongly listed"].value)
    free = values_of(due_process.free_in_time_share, some)
    assert free["wrongly listed, within 91 days"] == pytest.approx(3 / 7)
    assert values_of(due_process.effective_remedy_share, some)["restored"] == pytest.approx(3 / 8)


def test_copies_reviews_and_reasons_by_hand() -> None:
    """10 counters told, of which 8, 3, 0 are late; 4 of 15 decisions reviewed.

    15 of 20 refusals have one reason alone.
    """
    some = seen(counts=COUNTED)
    copies = values_of(due_process.residual_copy_share, some)
    assert copies == pytest.approx({"after 3 days": 0.8, "after 30 days": 0.3, "after 180 days": 0})
    assert value_of(due_process.human_review_share, some) == pytest.approx(4 / 15)
    assert value_of(due_process.explanation_fidelity_share, some) == 0.75


def test_windows_that_closed_before_by_hand() -> None:
    """2 of 8 wrongly and 1 of 4 rightly listed learned too late; without labels 3 of 12."""
    some = seen(counts=COUNTED)
    found = values_of(due_process.window_closed_share, some)
    assert found == {"wrongly listed": 0.25, "rightly listed": 0.25}
    old = seen(counts={**COUNTED, "window_closed": np.array([[1, 2]])})
    assert values_of(due_process.window_closed_share, old) == {"all listed": 0.25}


def test_nobody_is_compensated_by_the_law_and_not_by_chance() -> None:
    """Where somebody was wrongly listed it is an exact zero that says why; else it is not known."""
    found = parts_of(due_process.effective_remedy_share, seen(counts=COUNTED))
    law = found["restored and compensated"]
    assert (law.value, law.low, law.high) == (0, 0, 0)
    assert "compensates" in law.why
    empty = {name: np.zeros_like(array) for name, array in COUNTED.items()}
    nobody = parts_of(due_process.effective_remedy_share, seen(counts=empty))
    assert math.isnan(nobody["restored and compensated"].value)


def test_nobody_listed_or_refused_leaves_nothing_to_divide_by() -> None:
    """Every share is nan with its reason, and none is 0."""
    empty = {name: np.zeros_like(array) for name, array in COUNTED.items()}
    empty["persons"] = COUNTED["persons"]
    for metric in due_process.METRICS:
        for part, found in parts_of(metric, seen(counts=empty)).items():
            assert math.isnan(found.value), (metric.name, part)
            assert found.why, (metric.name, part)


def test_an_older_run_lacks_a_count_and_says_so() -> None:
    """A count that a run did not keep is a reason, and no error."""
    bare = seen(counts=steps(spells_ended=ENDED, spells_open=OPEN, stock=STOCK))
    for metric in (due_process.human_review_share, due_process.days_until_known):
        found = parts_of(metric, bare)[""]
        assert math.isnan(found.value)
        assert "did not count" in found.why


def test_counts_follow_regions_and_nothing_else() -> None:
    """The north alone: 2 of 3 known at a counter. By age nobody knows."""
    some = seen(counts=COUNTED)
    north = some.where(np.arange(8) < 4, "region North", (0,))
    assert value_of(due_process.first_known_at_counter_share, north) == pytest.approx(2 / 3)
    old = parts_of(due_process.first_known_at_counter_share, some.where(np.arange(8) < 4, "age"))
    assert math.isnan(old[""].value)
    assert "kept by province" in old[""].why


def test_the_ways_off_are_read_from_the_law() -> None:
    """Where no law is at hand it is said; a list of the house is as its provisions have it."""
    assert "law" in parts_of(due_process.no_way_out_share, seen(counts=COUNTED))[""].why
    rules = Library().resolve("compare").arms[-1]
    names = [
        f"{use.rulebook.rulebook}/{provision.list_id}"
        for use in rules.rulebooks
        for provision in use.rulebook.provisions
        if provision.rule == "list"
    ]
    lists = (*dict.fromkeys(names), "no/such-list")
    unheard, closed = ways_off(rules, lists)
    assert unheard.shape == closed.shape == (len(lists), 4)
    assert unheard[-1].all()
    assert closed[-1].all()
    assert not closed[:-1].all()
    some = seen(
        counts={**COUNTED, "stock": np.array([[[[0, 2, 0, 0]], [[0, 4, 2, 0]]]])},
        names=NAMES._replace(rules=rules, lists=lists[:1]),
    )
    found = values_of(due_process.no_way_out_share, some)
    assert found["unheard"] == float(unheard[0, 1])


def test_performing_is_no_way_for_who_could_not() -> None:
    """Without contest and end, performing leads out of all but what could not be complied with."""
    ways = Ways(contest=False, ends=False, performance=True)
    assert ways.closed == (False, False, True, False)
    assert ways.unheard == (True, True, True, True)
    assert Ways(contest=True, ends=False, performance=False).closed == (False,) * 4
