"""Detection and record, off and on: each error comes at the rate that was set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.engine.institutions import DAYS_A_CENTURY, PARTS
from glasshouse.stages.detection.detection_kernel import HERE

if TYPE_CHECKING:
    from tests.engine.conftest import Lab

DAYS_A_YEAR = 365.2425
CHANNELS = "camera counter court bank utility platform neighbour informant".split()
"""The channels that are everywhere in the laboratory."""

HOUSEHOLD, ELSEWHERE = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)


def book(lab: Lab, *acts: str) -> dict[str, Any]:
    """Give a rulebook that takes a point for each act."""
    return {"book": [lab.scale(), lab.points(*acts, points=-1)]}


def wrong(share: float) -> dict[str, float]:
    """Set every channel's mistakes alike."""
    return {f"detection.{channel}.wrong_person": share for channel in CHANNELS}


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 1.0])
def test_mistakes_land_on_others_at_the_rate_set(lab: Lab, share: float) -> None:
    """The share of entries that are not theirs is the channels' share of mistakes."""
    acts = [lab.act("plain", seen_by=dict.fromkeys(CHANNELS, 0.1))]
    run = lab.run(acts, book(lab, "plain"), sets=wrong(share))
    by_label = lab.count(run, "entries_by_label")
    assert by_label[2] == by_label[3] == 0
    if share in {0.0, 1.0}:
        # A whole is 65535 of 65536 in sixteen bits.
        assert by_label[0] <= 20 * 2**-16 * by_label.sum() or share == 0
        assert share or by_label[1] == 0
    else:
        lab.assert_share(by_label[1], by_label.sum(), share)
    theirs = run.world.outcome.entries_not_theirs[:, 1].sum()
    assert theirs == by_label[1]


def test_each_channel_errs_at_its_own_rate(lab: Lab) -> None:
    """Two channels that see equally often share the entries; mistakes are the mean of theirs."""
    acts = [lab.act("plain", seen_by={"camera": 0.2, "bank": 0.2})]
    sets = {"detection.camera.wrong_person": 0.4, "detection.bank.wrong_person": 0.1}
    run = lab.run(acts, book(lab, "plain"), sets=sets)
    by_label = lab.count(run, "entries_by_label")
    lab.assert_share(by_label[1], by_label.sum(), 0.25)


def test_mistakes_in_the_household_stay_in_it(lab: Lab) -> None:
    """Where one lands, another member acted; who lives alone is taken for anybody."""
    acts = [lab.act("plain", per_year=0.2)]
    run = lab.run(
        acts,
        book(lab, "plain"),
        sets=wrong(0.5),
        wrong_to=HOUSEHOLD,
        people=8192,
        community_size=128,
    )
    world = run.world
    acts_done = world.outcome.acts_culpable[:, 1]
    met = np.argwhere(world.outcome.entries_not_theirs[:, 1] > 0)
    assert len(met) > 50
    outside = 0
    for community, slot in met:
        first, size = (
            int(getattr(world.rows, name)[community, slot])
            for name in ("household_first", "household_size")
        )
        members = [other for other in range(first, first + size) if other != slot]
        outside += not acts_done[community, members].any()
    alone = int(acts_done[world.rows.household_size == 1].sum())
    assert outside <= alone / 4 + lab.sigmas * alone**0.5 / 2
    assert outside < len(met) / 3


def test_what_goes_elsewhere_comes_from_elsewhere(lab: Lab) -> None:
    """Strays leave at the rate of mistakes; in the next step as many come in, on the exposed."""
    acts = [lab.act("plain")]
    run = lab.run(acts, book(lab, "plain"), sets=wrong(0.3), wrong_to=ELSEWHERE, people=262_144)
    strays, seen = lab.total(run, "strays"), lab.total(run, "acts_seen")
    lab.assert_share(strays, seen, 0.3)
    left = [int(r.counts.strays[1].sum()) for r in run.history][:-1]
    came = sum(int(r.counts.entries[1][:, 2:].sum()) for r in run.history)
    days = [r.when.end_day - r.when.first_day for r in run.history]
    expected = sum(n * days[at + 1] / days[at] for at, n in enumerate(left))
    # Chances end at 1, and the bound on them is met half of the time: at most half a deviation
    # less.
    low = expected - 0.5 * sum(n**0.5 for n in left)
    assert low - lab.sigmas * expected**0.5 < came < expected + lab.sigmas * expected**0.5
    assert lab.count(run, "entries_by_label")[1] == came


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_false_reports_come_at_their_own_rate(lab: Lab, rate: float) -> None:
    """So many a person and year where a scheme watches, and none where nobody does."""
    acts = [lab.act("plain", false_per_year=rate, per_year=0.1)]
    run = lab.run(acts, book(lab, "plain"))
    false_reports = int(lab.count(run, "entries")[1])
    lab.assert_poisson(false_reports, rate * lab.adult_days(run) / DAYS_A_YEAR)
    assert lab.count(run, "entries_by_label")[1] == false_reports
    assert lab.total(run, "entries", 0) == 0


def test_what_no_rule_names_nobody_watches(lab: Lab) -> None:
    """An act that no provision in force names leaves no entry, whoever sees it."""
    acts = [lab.act("plain"), lab.act("other", false_per_year=1)]
    run = lab.run(acts, book(lab, "plain"))
    assert lab.count(run, "acts_seen")[1] == 0
    assert lab.count(run, "entries")[[1, 3, 5]].sum() == 0
    assert lab.count(run, "acts")[1] > 0


@pytest.mark.parametrize("loss", [0.0, 0.05, 0.6])
def test_departments_lose_at_the_rate_set(lab: Lab, loss: float) -> None:
    """Of what reaches the department, and of nothing else."""
    acts = [lab.act("plain"), lab.act("filed", department="court")]
    run = lab.run(acts, book(lab, "plain", "filed"), sets={"records.police.loss": loss})
    load = lab.count(run, "department_load")
    lab.assert_share(lab.total(run, "entries_lost"), int(load[0]), loss)
    assert lab.count(run, "entries")[1] == load[1]


@pytest.mark.parametrize("mean_days", [0, 10, 45])
def test_delay_keeps_entries_waiting(lab: Lab, mean_days: int) -> None:
    """With delays spread over 0 .. 2 x mean, so many days' entries wait at any time as the mean."""
    acts = [lab.act("plain")]
    run = lab.run(acts, book(lab, "plain"), sets={"records.police.delay_days": mean_days})
    waiting = int(run.world.opened.open_entries[:, 1].sum())
    assert waiting + lab.total(run, "entries") == lab.total(run, "acts_seen")
    month = run.plan.steps[-3:]
    days = sum(when.end_day - when.first_day for when in month)
    seen = sum(int(record.counts.acts_seen[1].sum()) for record in run.history[-3:])
    # The rate a day is known from three months' acts; their error and the waiting's add up.
    mean = seen / days * mean_days
    error = (mean + mean**2 / max(seen, 1)) ** 0.5
    assert abs(waiting - mean) <= lab.sigmas * error, (waiting, mean, error)


def test_a_department_beyond_its_capacity_falls_behind(lab: Lab) -> None:
    """The backlog is what came in less what could be handled; new entries wait for it."""
    acts = [lab.act("plain"), lab.act("filed", department="court")]
    run = lab.run(
        acts,
        book(lab, "plain", "filed"),
        {
            "slow": (("book",), {"records.police.capacity_per_1000_year": 500}),
            "quick": (("book",), {}),
        },
        people=65_536,
    )
    a_day, backlog = PARTS * 500 * 65.536 / DAYS_A_YEAR, 0
    for at, record in enumerate(run.history):
        days = record.when.end_day - record.when.first_day
        century = int(a_day * DAYS_A_CENTURY)
        assert record.institutions.backlog_days[1, 0] == backlog * DAYS_A_CENTURY // century, at
        load = int(record.counts.department_load[1, :, 0].sum())
        backlog = max(backlog + PARTS * load - int(a_day * days), 0)
    assert backlog > 0
    assert lab.total(run, "acts_seen", 1) == lab.total(run, "acts_seen", 2)
    entries = lab.count(run, "entries", 1), lab.count(run, "entries", 2)
    assert entries[0][0] < 0.6 * entries[1][0]
    assert entries[0][1] == entries[1][1]
    assert not any(record.institutions.backlog_days[2].any() for record in run.history)


def test_attention_follows_records_and_is_conserved(lab: Lab) -> None:
    """What one community gains another of the province loses; off, all are watched alike."""
    acts = [lab.act("plain", ratio=0.2)]
    run = lab.run(
        acts,
        book(lab, "plain"),
        {
            "even": (("book",), {}),
            "half": (("book",), {"detection.attention_follows_records": 0.5}),
            "whole": (("book",), {"detection.attention_follows_records": 1}),
        },
        people=16_384,
        community_size=256,
    )
    provinces = run.world.place.province
    spread = []
    for at, record in enumerate(run.history):
        attention = record.institutions.attention.astype(int)
        assert (attention[:2] == HERE).all()
        for province in np.unique(provinces):
            here = provinces == province
            assert (attention[:, here].sum(axis=1) == HERE * here.sum()).all(), at
        spread.append(attention.std(axis=1))
    assert all(0 < half < whole for _, _, half, whole in spread[1:])
    assert (attention[3] > HERE).any()
    assert (attention[3] < HERE).any()
