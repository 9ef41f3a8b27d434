"""Standing: who is under a scheme, what lists, what a listing shows, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.state.bits import NOT_ENROLLED, OPTED_OUT

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins


def test_m07_without_consent_nothing_is_given_and_violations_count(
    lab: Lab, twins: type[Twins]
) -> None:
    """M07: who does not consent gains no points and no privilege; what lowers a score stays."""
    acts = [lab.act("slip"), lab.act("deed", culpable=False)]
    rules = [
        lab.scale(100),
        lab.rule("grade", "low", grade="Low", at_least=-20_000),
        lab.rule("grade", "high", grade="High", at_least=100),
        lab.points("slip", name="minus", points=-5),
        lab.points("deed", name="plus", points=3),
        lab.rule("privilege", grade="High", counters=["counter0"]),
        lab.register("slip"),
    ]
    half = {"response.consents": 0.5}
    run = lab.run(
        acts,
        {"all": rules, "asks": rules},
        {"off": (("all",), half), "on": (("asks",), half)},
        sets={"counters.counter0.attempts_per_year": 2},
        enrolment={"asks": "consent"},
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    both.assert_falls("privileges")
    both.assert_falls("score_points", 0)
    both.assert_same("entries", "listings", "acts_culpable")
    people = run.world.rows.kind == 1
    aside = ((both.read("bits", "on") & NOT_ENROLLED) != 0) & people
    lab.assert_share(int(aside.sum()), int(people.sum()), 0.5)
    assert (both.read("privileges", "on")[aside] == 0).all()
    assert (both.read("score_points", "on")[:, 0][aside] <= 100).all()
    same = both.read("score_points", "on")[:, 0] == both.read("score_points", "off")[:, 0]
    assert same[~aside].all()
    enrolled = run.history[-1].counts.enrolled[run.plan.names.arms.index("on")].sum()
    assert enrolled == people.sum() - aside.sum()


def test_m07_those_leave_whom_the_scheme_refused(lab: Lab, twins: type[Twins]) -> None:
    """M07: where leaving is allowed the refused leave, and the less honest are over-represented."""
    acts = [lab.act("slip", ratio=0.1)]
    bars = [{"counter": "counter0", "reaches": "person"}]
    rules = [lab.scale(100), lab.points("slip", points=-5), lab.register("slip", measures=bars)]
    run = lab.run(
        acts,
        {"stay": rules, "open": rules},
        {"off": (("stay",), {}), "on": (("open",), {})},
        sets={"response.opts_out_per_year": 6, "counters.counter0.attempts_per_year": 6},
        enrolment={"open": "opt_out"},
        people=16_384,
        community_size=512,
    )
    both = twins(run)
    left = (both.read("bits", "on") & OPTED_OUT) != 0
    refused = both.read("refusals", "on") > 0
    assert left.any()
    assert (left <= refused).all()  # trust stays whole here, so nobody else has a reason
    assert both.count("opted_out", "on").sum() == left.sum()
    honesty, people = run.world.rows.honesty, run.world.rows.kind == 1
    lab.assert_mean(honesty[people], 32_767.5)
    assert honesty[left].mean() < 0.9 * 32_767.5
    both.assert_falls("listings")
    both.assert_rises("score_points", 0)
