"""Ways off a list and what is in them: performance, contest, ability, and good conduct."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from glasshouse.engine.journal import ACT, ENTRY, LEARNED, LEFT, LISTED, PERFORMED, REFUSED
from glasshouse.engine.replay import replay
from glasshouse.law.rulebook import Listing
from glasshouse.metrics.recourse import shut_in, ways_of
from glasshouse.metrics.wrongful import Innocent, nothing_to_fear, share_that_could_not

if TYPE_CHECKING:
    from tests.engine.conftest import Lab
    from tests.mechanisms.conftest import Twins


BAR = [{"counter": "counter0", "reaches": "person"}]
TRIES = {"counters.counter0.attempts_per_year": 6}


def test_a_least_time_on_the_list_delays_who_performs(lab: Lab, twins: type[Twins]) -> None:
    """Who performs early stays until the least time of publication is over; others wait alike."""

    def debtors(name: str, **more: Any) -> Any:
        return [
            lab.register(
                "debt", name=name, term={"until": "performed"},
                performance={"deletes": True, **more},
            )
        ]  # fmt: skip

    run = lab.run(
        [lab.act("debt", per_year=0.5)],
        {"free": debtors("free"), "least": debtors("least", not_before_days=90)},
        {"off": (("free",), {}), "on": (("least",), {})},
        sets={"process.perform_per_year": 6},
        people=8192,
        community_size=256,
    )
    both = twins(run)
    both.assert_rises("listed_days", 0)
    ended = {
        arm: both.count("spells_ended", arm).reshape(4, -1).sum(axis=0) for arm in ("off", "on")
    }
    assert ended["off"][:12].sum() > 0
    assert ended["on"][:12].sum() == 0  # ninety days are twelve weeks and six days
    assert ended["on"][12] > ended["off"][12]


def test_m26_until_performed_holds_those_who_cannot(lab: Lab, twins: type[Twins]) -> None:
    """M26: until performed, who can is soon off and who cannot never is; a term frees both."""
    term = lab.register("debt", name="term", term={"days": 90})
    until = lab.register(
        "debt", name="until", term={"until": "performed"}, performance={"deletes": True}
    )
    run = lab.run(
        [lab.act("debt", per_year=0.3)],
        {"term": [term], "until": [until]},
        {"off": (("term",), {}), "on": (("until",), {})},
        sets={"process.perform_per_year": 12, "process.cannot_pay_below": 0.3},
        people=16_384,
        years=2,
        community_size=512,
    )
    both = twins(run)
    days = {arm: both.read("listed_days", arm).sum(axis=1) for arm in ("off", "on")}
    cannot = run.world.rows.means_start < round(0.3 * 65536)
    once = (both.read("entries", "off") == 1) & (both.read("listings", "off") == 1)
    lab.assert_lower(days["off"][once & cannot], days["on"][once & cannot])
    lab.assert_lower(days["on"][once & ~cannot], days["off"][once & ~cannot])
    left = both.count("left", "on").reshape(-1, 5).sum(axis=0)
    assert left[2] == left.sum() > 0
    still = run.world.state.listed[:, run.plan.names.arms.index("on")] != 0
    assert still[once & cannot].all()


def performing(lab: Lab, **sets: float) -> Any:
    """Run a list that performance ends, with and without these settings."""
    listing = lab.register(
        "debt", name="debtors", term={"until": "performed"}, performance={"deletes": True}
    )
    return lab.run(
        [lab.act("debt", per_year=0.5)],
        {"book": [listing]},
        {"off": (("book",), {}), "on": (("book",), {f"process.{n}": v for n, v in sets.items()})},
        sets={"process.perform_per_year": 4},
        people=16_384,
        community_size=512,
    )


def test_m22_an_apology_can_be_refused(lab: Lab, twins: type[Twins]) -> None:
    """M22: half of what is offered is judged insincere; the listing stays, and days with it."""
    both = twins(performing(lab, performance_refused=0.5))
    both.assert_rises("listed_days", 0)
    both.assert_same("acts_culpable", "entries")
    offered, refused = (
        int(both.count(f"performances{end}", "on").sum()) for end in ("", "_refused")
    )
    lab.assert_share(refused, offered, 0.5)
    assert both.count("performances_refused", "off").sum() == 0
    assert both.count("performances_lost", "on").sum() == 0


def test_m23_a_payment_can_be_lost(lab: Lab, twins: type[Twins]) -> None:
    """M23: three payments in ten do not arrive; who paid stays listed for no fault."""
    both = twins(performing(lab, performance_lost=0.3))
    both.assert_rises("listed_days", 0)
    offered, lost = (int(both.count(f"performances{end}", "on").sum()) for end in ("", "_lost"))
    lab.assert_share(lost, offered, 0.3)
    assert both.count("performances_refused", "on").sum() == 0


def test_m24_a_window_closes_before_people_know_and_suspends_nothing(
    lab: Lab, twins: type[Twins]
) -> None:
    """M24: ten days from a decision that arrives late close for most; no contest lifts the bar."""

    def register(name: str, **contest: Any) -> Any:
        said = {"window_days": 10, "decide_days": 60, "suspends": False, "counted_from": "decision"}
        return [
            lab.register("slip", name=name, contest={**said, **contest}, measures=BAR,
                         term={"days": 200})
        ]  # fmt: skip

    books = {
        "narrow": register("narrow"),
        "known": register("known", counted_from="knowledge"),
        "holds": register("holds", counted_from="knowledge", suspends=True),
        "quick": register("quick", counted_from="knowledge", decide_days=5),
    }
    run = lab.run(
        [lab.act("slip", per_year=0.5, false_per_year=0.2)],
        books,
        {name: ((name,), {}) for name in books},
        sets={
            **TRIES, "process.notice_delay_days": 15, "process.contest_if_literate": 1,
            "process.contest_if_not": 1, "process.overturned_if_wrongful": 1,
        },
        people=16_384,
        community_size=512,
    )  # fmt: skip
    both = twins(run, "known", "narrow")
    listed, late = (
        int(both.count(n, "narrow").sum()) for n in ("known_by_notice", "window_closed")
    )
    # A notice comes after 0 .. 30 days; at a counter people may know sooner.
    assert 0.4 * listed < late < 20 / 31 * listed + 500
    assert both.count("window_closed", "known").sum() == 0
    both.assert_rises("listed_days", 1)  # the wrongly listed stay
    assert both.count("contests", "narrow").sum() < both.count("contests", "known").sum()
    twins(run, "known", "holds").assert_falls("refusals")
    twins(run, "known", "quick").assert_falls("listed_days", 1)
    twins(run, "known", "quick").assert_same("entries", "acts_culpable")


def test_m25_without_recourse_no_wrong_is_undone(lab: Lab, twins: type[Twins]) -> None:
    """M25: with no contest no wrongly listed person is heard; who cannot perform is shut in."""

    def register(name: str, contest: Any) -> Any:
        return lab.register(
            "debt", name=name, contest=contest, term={"until": "performed"},
            performance={"deletes": True},
        )  # fmt: skip

    open_ = {"window_days": 10, "decide_days": 15, "suspends": False, "counted_from": "knowledge"}
    lists = {"open": register("open", open_), "closed": register("closed", "none")}
    run = lab.run(
        [lab.act("debt", debt=True, per_year=0.3, false_per_year=0.1)],
        {name: [one] for name, one in lists.items()},
        {"off": (("open",), {}), "on": (("closed",), {})},
        sets={
            "process.contest_if_literate": 1, "process.contest_if_not": 1,
            "process.overturned_if_wrongful": 0.9, "process.cannot_pay_below": 0.4,
            "process.perform_per_year": 0.5,
        },
        people=16_384,
        community_size=512,
    )  # fmt: skip
    both = twins(run)
    for label in (1, 2):
        both.assert_rises("listed_days", label)
    both.assert_same("entries", "acts_culpable")
    assert both.count("overturned", "on").sum() == both.count("contests", "on").sum() == 0
    assert both.count("overturned", "off")[1:].sum() > 0
    book = {use.rulebook.rulebook: use.rulebook for arm in run.plan.experiment.arms
            for use in arm.rulebooks}  # fmt: skip
    for arm, name, heard in (("off", "open", True), ("on", "closed", False)):
        stock = run.history[-1].counts.stock[run.plan.names.arms.index(arm)].sum(axis=0)
        (provision,) = book[name].provisions
        assert isinstance(provision, Listing)
        found = shut_in(stock.reshape(-1, 4), [ways_of(provision)])
        assert found.wrongly > 0
        assert found.unheard_share == (0 if heard else 1)
        if not heard:
            assert found.shut_in == stock.reshape(-1, 4)[0][2] > 0
            assert 0 < found.shut_in_share < 1


def test_m111_cannot_pay_is_taken_for_will_not_pay_at_the_tests_error(lab: Lab) -> None:
    """M111: the share of debtors listed although unable is u(1-b) / (u(1-b) + (1-u)a)."""
    unable = 0.43
    listing = lab.register("debt", ability_test=True, term={"days": 1})
    tests = {"none": (1.0, 0.0), "poor": (0.9, 0.8), "good": (0.9, 0.9), "perfect": (1.0, 1.0)}
    run = lab.run(
        [lab.act("debt", debt=True, per_year=0.3)],
        {"book": [listing]},
        {
            name: (
                ("book",),
                {"process.ability_sensitivity": a, "process.ability_specificity": b},
            )
            for name, (a, b) in tests.items()
        },
        sets={"process.cannot_pay_below": unable},
        people=32_768,
        community_size=512,
    )
    for number, (a, b) in enumerate(tests.values(), start=2 - 1):
        by_label = lab.count(run, "listed", number).reshape(-1, 4).sum(axis=0)
        grounds = lab.count(run, "entries_by_label", number)
        share = grounds[2] / (grounds[0] + grounds[2])
        expected = share_that_could_not(share, a, b)
        if 0 < expected < 1:
            lab.assert_share(int(by_label[2]), int(by_label.sum()), expected)
        else:
            assert by_label[2] == 0
    assert abs(share_that_could_not(unable, 0.9, 0.9) - 0.077) < 5e-4


def test_m113_a_court_loss_unpaid_is_listed_refused_and_paid_off(lab: Lab) -> None:
    """M113: day by day in a replayed life: court loss, unpaid, listed, refused, paid, off."""
    listing = lab.register(
        "debt", term={"until": "performed"}, performance={"deletes": True}, measures=BAR
    )
    sets = {**TRIES, "process.perform_per_year": 2, "process.notice_reaches": 0}
    plan = lab.plan(
        [lab.act("debt", debt=True, per_year=0.5, seen_by={"court": 1.0}, department="court")],
        {"book": [listing]},
        sets=sets,
        people=256,
        community_size=256,
    )
    run = lab.finished(plan, lab.compiled)
    told: dict[int, list[Any]] = {}
    for event in replay(plan, [record.institutions for record in run.history], 0):
        if event.arm == 1:
            told.setdefault(event.slot, []).append(event)
    case = (ACT, ENTRY, LISTED, REFUSED, LEARNED, PERFORMED, LEFT)
    whole = 0
    for events in told.values():
        first = {e.what: e.day for e in reversed(events)}
        if first.keys() >= set(case):
            days = [first[what] for what in case]
            assert days == sorted(days), events
            assert first[REFUSED] == first[LEARNED]  # the counter is where they learn of it
            whole += 1
    assert whole > 10


def test_m120_good_conduct_is_no_shield(lab: Lab, twins: type[Twins]) -> None:
    """M120: without a culpable act nobody is listed while records are true, and many are not."""
    acts = [
        lab.act("slip", per_year=0.5, false_per_year=0.05),
        lab.act("petition", "chilled", culpable=False, per_year=0.3),
    ]
    exact = {"acts.slip.false_per_year": 0.0}
    run = lab.run(
        acts,
        {
            "wrongs": [lab.register("slip", name="wrongs", measures=BAR)],
            "speech": [lab.register("slip", "petition", name="speech", measures=BAR)],
        },
        {
            "off": (("wrongs",), exact),
            "errs": (("wrongs",), {"detection.camera.wrong_person": 0.05}),
            "speech": (("speech",), exact),
        },
        sets=TRIES,
        people=16_384,
        community_size=512,
    )
    both, person = twins(run), run.world.rows.kind == 1

    def fate(arm: str) -> Innocent:
        days = both.read("listed_days", arm).sum(axis=1)
        return nothing_to_fear(
            person, both.read("acts_culpable", arm), days, both.read("refusals", arm)
        )

    shielded, mistaken, outspoken = fate("off"), fate("errs"), fate("speech")
    assert shielded.people == mistaken.people == outspoken.people > 0
    assert shielded.listed == shielded.refused == 0
    assert mistaken.listed_share > 0.01
    assert outspoken.listed_share > 0.05
    assert 0 < mistaken.refused <= mistaken.listed
    for arm, label in (("errs", 1), ("speech", 3)):
        twins(run, "off", arm).assert_rises("listed_days", label)
