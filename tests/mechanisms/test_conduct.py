"""Conduct under the told rules: each named act moves the score by its points and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.law.library import Library
from glasshouse.law.rulebook import Points

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins

TOLD, COMPANY, ABROAD = (
    "national-score-as-told",
    "commercial-score-as-told",
    "national-score-orwells-nightmare",
)
NAMED = [
    ("M34", TOLD, "extra_child", -1),
    ("M36", TOLD, "gaming_hours", -1), ("M36", TOLD, "browsing_hours", -1),
    ("M36", TOLD, "game_purchase", -1),
    ("M37", TOLD, "diapers_bought", 1),
    ("M91", ABROAD, "foreign_site_post", -1),
    ("M95", TOLD, "volunteering", 1), ("M95", TOLD, "charity", 1), ("M95", TOLD, "elder_care", 1),
    ("M96", TOLD, "bills_on_time", 1),
    ("M97", TOLD, "exercise", 1), ("M97", TOLD, "reading", 1), ("M97", TOLD, "overtime", 1),
]  # fmt: skip
"""Mechanism, rulebook, act, and whether the act adds or takes away."""

SPEECH = frozenset(
    "critical_comment unapproved_news petition association_meeting faith_practice"
    " cult_propaganda foreign_site_post complaint_office".split()
)


def told_points(book: str, act: str) -> tuple[int, int]:
    """Give the fewest and the most points that a packaged rulebook gives for an act."""
    for provision in Library().rulebook(book).provisions:
        if isinstance(provision, Points) and act in provision.acts:
            return provision.extremes
    raise LookupError(act)


@pytest.mark.parametrize(("mechanism", "book", "name", "sign"), NAMED)
def test_each_named_act_moves_the_score_by_its_points(
    lab: Lab, twins: type[Twins], mechanism: str, book: str, name: str, sign: int
) -> None:
    """M34, M36, M37, M91, M95, M96, M97: points of the told rule, for that act and no other."""
    low, high = told_points(book, name)
    assert low == high
    assert low * sign > 0, mechanism
    act = next(one for one in Library().assumptions().acts if one.id == name)
    acts = [lab.act(name, act.response, culpable=False), lab.act("other", act.response)]
    books = {
        "off": [lab.scale(), lab.points("other", points=0)],
        "on": [lab.scale(), lab.points("other", points=0), lab.points(name, points=low, name="it")],
    }
    run = lab.run(
        acts, books, {one: ((one,), {}) for one in books}, people=2048, community_size=256
    )
    both = twins(run)
    moved = both.read("score_points", "on") - both.read("score_points", "off")
    assert moved.sum() == low * both.count("entries", "on")[0] != 0
    assert (moved * sign >= 0).all()
    written = both.read("entries", "on") - both.read("entries", "off")
    assert np.array_equal(moved[:, 0], low * written)
    both.assert_same("acts_culpable", "acts_praised", "acts_lawful", "caution", "silence", "means")


def chilling(lab: Lab, *provisions: Any) -> tuple[list[Any], dict[str, Any]]:
    """Give lawful speech, petition and faith, and a book without and one with deductions."""
    acts = [
        lab.act(name, "chilled", culpable=False, per_year=6)
        for name in ("comment", "petition", "worship")
    ] + [lab.act("theft", "deterred"), lab.act("deed", "rewarded", culpable=False)]
    plain = [lab.scale(), lab.points("theft", points=-1, name="plain")]
    return acts, {"off": plain, "on": [*plain, *provisions]}


HUSH = {"response.silence_per_entry": 0.3, "response.chilling": 0.6}


def test_m33_politics_faith_and_speech_as_deductions_chill(lab: Lab, twins: type[Twins]) -> None:
    """M33: where lawful speech, petition and faith cost points they are done less, all of them."""
    costs = lab.points("comment", "petition", "worship", points=-20, name="speech")
    acts, books = chilling(lab, costs)
    arms: dict[str, Any] = {one: ((one,), {}) for one in books}
    run = lab.run(acts, books, arms, sets=HUSH, people=16_384, community_size=256)
    both = twins(run)
    both.assert_falls("acts_lawful", by=100)
    both.assert_rises("silence")
    off, on = both.count("acts", "off"), both.count("acts", "on")
    assert (on[:3] < 0.95 * off[:3]).all()
    assert np.array_equal(off[3:], on[3:])
    assert not both.read("silence", "off").any()


def test_m33_no_documented_provision_takes_points_for_speech() -> None:
    """M33: off in the rulebooks as documented, but for what is marked as report or conjecture."""
    library = Library()
    chilled = {act.id for act in library.assumptions().acts if act.response == "chilled"}
    assert chilled >= SPEECH - {"cult_propaganda"}
    for name in library.names("rulebooks"):
        book = library.rulebook(name)
        if book.family == "documented":
            for provision in book.provisions:
                acts = set(getattr(provision, "acts", ()) or ())
                acts |= {
                    act for ground in getattr(provision, "grounds", ()) for act in ground.acts or ()
                }
                assert not acts & chilled or provision.evidence != "documented", provision.id
    told = library.rulebook(TOLD).provisions
    named = {act for one in told if isinstance(one, Points) for act in one.acts}
    assert named >= {"critical_comment", "petition", "faith_practice"}


def test_m69_lawful_acts_are_left_undone_for_fear(lab: Lab, twins: type[Twins]) -> None:
    """M69: silence lowers lawful acts, those that no rule names included, by no more than set."""
    acts, books = chilling(lab, lab.points("comment", points=-20, name="speech"))
    arms = {
        "off": (("on",), {"response.silence_per_entry": 1, "response.chilling": 0}),
        "on": (("on",), {"response.silence_per_entry": 1, "response.chilling": 0.6}),
    }
    run = lab.run(acts, books, arms, years=2, people=16_384, community_size=256)
    both = twins(run)
    both.assert_falls("acts_lawful", by=100)
    both.assert_same("acts_culpable", "acts_praised")
    late = [sum(r.counts.acts[arm].sum(axis=0) for r in run.history[12:]) for arm in (1, 2)]
    for kind in range(3):
        assert 0.4 < late[1][kind] / late[0][kind] < 0.5


@pytest.mark.parametrize("noise", [0, 4, 12])
def test_m67_the_best_scores_flatter_by_what_the_noise_makes(lab: Lab, noise: int) -> None:
    """M67: chosen by score = trait + noise, the top is less honest than it looks, as computed."""
    acts = [lab.act("deed", culpable=False, per_year=0.5)]
    slope = {"trait": "honesty", "per_eighth": 3, "noise": noise, "base": 0}
    run = lab.run(acts, {"book": [lab.scale(), lab.points("deed", slope=slope)]}, people=65_536)
    once = run.world.outcome.entries[:, 1] == 1
    eighth = (run.world.rows.honesty >> 13).astype(int)
    honest, score = 3 * eighth[once], run.world.state.score_points[:, 1, 0].astype(int)[once] - 1000
    # All pairs of trait and noise are as likely as each other: sum the law exactly.
    traits = np.repeat(3 * np.arange(8), 2 * noise + 1)
    scores = traits + np.tile(np.arange(-noise, noise + 1), 8)
    cut = int(np.quantile(scores, 0.9))
    true, seen = traits[scores >= cut], scores[scores >= cut]
    top = score >= cut
    lab.assert_share(int(top.sum()), len(top), len(seen) / len(scores))
    lab.assert_mean(honest[top] + 1e-9 * np.arange(top.sum()), float(true.mean()))
    gap = float((score[top] - honest[top]).mean())
    assert abs(gap - (seen.mean() - true.mean())) < 0.15
    assert (gap > 1) == (noise > 0)


def test_m67_gaming_makes_scores_say_less_of_honesty(lab: Lab, twins: type[Twins]) -> None:
    """M67: where some act for points, scores rise without honesty, and go with it less closely."""
    acts = [
        lab.act("theft", "deterred", ratio=0.1, per_year=6),
        lab.act("deed", "rewarded", culpable=False, per_year=6),
    ]
    rules = [
        lab.scale(),
        lab.points("theft", points=-5, name="minus"),
        lab.points("deed", points=5, name="plus"),
    ]
    sets = {"response.aware": 0.5, "process.entry_known": 0, "response.gaming_gain": 3}
    arms = {"off": (("book",), {}), "on": (("book",), {"response.gaming_per_year": 1})}
    run = lab.run(acts, {"book": rules}, arms, sets=sets, people=16_384, community_size=256)
    both, person = twins(run), run.world.rows.kind == 1
    adult = person & (run.world.rows.birth_month <= -19 * 12)
    both.assert_rises("score_points")
    both.assert_same("acts_culpable")
    closeness = [
        float(
            np.corrcoef(run.world.rows.honesty[adult], both.read("score_points", arm)[:, 0][adult])[
                0, 1
            ]
        )
        for arm in ("off", "on")
    ]
    assert closeness[1] < closeness[0] - 0.05


def test_m94_what_the_operator_denies_can_be_taken_out(lab: Lab) -> None:
    """M94: without the provisions that the company denies, their acts leave no entry at all."""
    denied = ("games", "diapers", "browsing", "posts")
    written = Library().rulebook(COMPANY).provisions
    provisions = {one.id: one for one in written if isinstance(one, Points)}
    disputed = {act for name in denied for act in provisions[name].acts}
    for name in denied:
        assert provisions[name].evidence == "contested"
        assert "denied" in (provisions[name].qualified or "")
    acts = [lab.act(name, "unmoved") for name in sorted(disputed)] + [lab.act("card")]
    rest = [lab.scale(600, 350, 950), lab.points("card", points=-5, name="card")]
    books = {
        "off": rest,
        "on": rest + [
            lab.points(*provisions[name].acts, points=provisions[name].points, name=name)
            for name in denied
        ],
    }  # fmt: skip
    run = lab.run(
        acts, books, {one: ((one,), {}) for one in books}, people=4096, community_size=256
    )
    without, entries = lab.count(run, "entries", 1), lab.count(run, "entries", 2)
    types = len(disputed)
    assert without[:types].sum() == 0 < entries[:types].min()
    assert without[types] == entries[types]
    score = run.world.state.score_points[:, :, 0]
    only_card = run.world.outcome.entries[:, 1] == run.world.outcome.entries[:, 2]
    assert np.array_equal(score[:, 1][only_card], score[:, 2][only_card])
    assert not np.array_equal(score[:, 1], score[:, 2])
