"""Rulebooks: uncited, contradictory or endless law is refused with its place and remedy."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.law.conftest import Rooms

RULES = "rulebooks/civic/rules.yaml"


def test_a_rulebook_loads_with_its_dates(rooms: Rooms) -> None:
    """In force from the first day, no longer in force on the day of `until`."""
    rulebook = rooms.library.rulebook("civic")
    assert len(rulebook.provisions) == 6
    assert [p.id for p in rulebook.in_force(dt.date(2013, 12, 31))] == []
    assert "list" in [p.id for p in rulebook.in_force(dt.date(2019, 12, 31))]
    assert "list" not in [p.id for p in rulebook.in_force(dt.date(2020, 1, 1))]
    assert rulebook.change_dates() == (dt.date(2014, 1, 1), dt.date(2020, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    cite: {source: gazette, at: art. 1}\n", "", "`cite` is missing (uncited law is"),
        ("{source: gazette, at: art. 1}", "{source: gazete, at: x}", "did you mean `gazette`?"),
        ("evidence: fiction\n", "evidence: fact\n", "the text `fact` is not allowed"),
        ("floor: 0", "flor: 0", "unknown key `flor` (did you mean `floor`?)"),
        ("start: 1_000", "start: '1000'", "the text `1000` where a whole number belongs"),
        ("start: 1_000", "start: 1400", "the start 1400 is outside the scale"),
        ("cap: 1300", "cap: 30000", "30000 is out of range (at most 20000)"),
        ("from: 2014-01\n", "from: soon\n", "the text `soon` where a date belongs"),
        ("rule: scale", "rule: scala", "is no kind of provision (did you mean `scale`?)"),
        ("at_least: 900", "at_least: 1900", "1900 points are outside the scale"),
        ("at_least: 900", "at_least: 900, quantile: 0.5", "exactly one of `at_least`"),
        ("at_least: 900", "quantile: 1.5", "1.5 is out of range (at most 1"),
        ("range: [-50, -5]", "range: [-5, -50]", "is upside down"),
        ("range: [-50, -5]", "points: -2000", "up to 2000 points at once are outside the scale"),
        ("range: [-50, -5]", "range: [-50]", "`1` is missing"),
        (
            "range: [-50, -5]",
            "range: [-50, -5], repeated: {points: [-60], within_days: 9}",
            "only fixed points rise with repetition",
        ),
        (
            "range: [-50, -5]",
            "points: -5, repeated: {points: [-6, -2000], within_days: 9}",
            "up to 2000 points at once are outside the scale",
        ),
        ("acts: [late_bill], range", "acts: [late_bil], range", "did you mean `late_bill`?"),
        ("acts: [late_bill]}]", "acts: [late_bil]}]", "unknown act `late_bil`"),
        ("counter: flight", "counter: fligt", "unknown counter `fligt` (did you mean `flight`?)"),
        ("reaches: person", "reaches: representative", "nobody represents a listed person"),
        ("counters: [flight]", "counters: [train]", "unknown counter `train`"),
        ("grounds: [{id: unpaid, acts: [late_bill]}]", "grounds: []", "has no way in"),
        ("deletes: true", "deletes: false", "the list has no way out"),
        ("until: performed}", "until: grade_recovers}, expires: {days: 0}", "0 is out of range"),
        ("published: true", "published: yes", "only true and false are yes and no here"),
        ("grade: A, counters", "grade: B, counters", "unknown grade `B`"),
        ("until: 2020-01-01", "until: 2013-01-01", "before it begins"),
        ("id: grade-a", "id: scale", "overlaps in time with `scale`: both set the id scale"),
        ("years: 5", "years: 5, permanent: true", "exactly one of `years`, `permanent`"),
        (
            "grounds: [{id: unpaid, acts: [late_bill]}]",
            "grounds: [{id: low, grade_at_most: A}]",
            "`A` is the top grade, so the list would hold everybody",
        ),
        (
            "range: [-50, -5]",
            "points: -9, overrides_grade: {grade: A, months: 3}",
            "`A` is the top grade, so the override would do nothing",
        ),
        ("provisions:\n", "provision:\n", "unknown key `provision` (did you mean `provisions`?)"),
    ],
)
def test_bad_law_is_refused(rooms: Rooms, old: str, new: str, message: str) -> None:
    """Each defect is told with its file, line and column, and with what would be right."""
    rooms.change(RULES, old, new)
    problems = rooms.problems(lambda: rooms.library.rulebook("civic"))
    assert message in "\n".join(map(str, problems))
    assert all(p.line and p.column and p.file.endswith("rules.yaml") for p in problems)


@pytest.mark.parametrize(
    "extra",
    [
        "id: scale-2, rule: scale, start: 0, floor: null, cap: null",
        "id: keep-2, rule: retention, permanent: true",
        "id: minus-2, rule: points, acts: [kind_deed, late_bill], points: -1",
        "id: grade-2, rule: grade, grade: A, at_least: 100",
    ],
)
def test_overlapping_dates_are_refused(rooms: Rooms, extra: str) -> None:
    """What can hold once a day may not be in force twice; after `until` it may be again."""
    head = f"  - {{{extra}, cite: {{source: gazette, at: x}}, evidence: fiction, from: "
    text = (rooms.root / RULES).read_text(encoding="utf-8")
    rooms.write(RULES, f"{text}{head}2016-01-01}}\n")
    problems = rooms.problems(lambda: rooms.library.rulebook("civic"))
    assert len(problems) == 1
    assert "overlaps in time" in str(problems[0])
    rooms.write(RULES, f"{text}{head}2012-01-01, until: 2014-01-01}}\n")
    later = rooms.library.check(rooms.root / RULES)
    assert not any("overlaps" in str(problem) for problem in later)


def test_all_problems_of_all_files_come_at_once(rooms: Rooms) -> None:
    """Three defects in two files are three lines."""
    rooms.change(RULES, "rule: retention", "rule: retentive")
    rooms.change(RULES, "years: 5", "years: many")
    rooms.change(RULES, "at: art. 3", "at: 3")
    rooms.change("rulebooks/civic/rulebook.yaml", "family: fictional", "family: novel")
    problems = rooms.problems(lambda: rooms.library.rulebook("civic"))
    assert len({p.file for p in problems}) == 2
    assert len(problems) == 3


def test_a_rulebook_may_bring_its_own_sources(rooms: Rooms) -> None:
    """A jurist adds law and its sources in one folder, anywhere."""
    rooms.change(RULES, "source: gazette, at: art. 3", "source: mine, at: p. 1")
    own = "mine: {title: t, by: b, kind: law, date: null, language: English, why: w}\n"
    rooms.write("rulebooks/civic/sources.yaml", own)
    assert "mine" in rooms.library.rulebook(rooms.root / "rulebooks" / "civic").sources


def test_a_rulebook_without_provisions_is_refused(rooms: Rooms) -> None:
    """An empty file of provisions, and a folder without one, are told at their place."""
    path = rooms.write("rulebooks/civic/empty.yaml", "provisions: []\n")
    assert [str(p) for p in rooms.library.check(path)] == [
        f"{path}:1:13: provisions: the file holds no provision (at least one, or no file)"
    ]
    path.unlink()
    (rooms.root / RULES).unlink()
    (problem,) = rooms.library.check(rooms.root / "rulebooks" / "civic")
    assert problem.what == "the rulebook holds no provision"
    assert problem.line == 1


def test_a_yml_file_is_not_silently_overlooked(rooms: Rooms) -> None:
    """A file that would not be read is a problem."""
    rooms.write("rulebooks/civic/more.yml", "provisions: []\n")
    problems = rooms.problems(lambda: rooms.library.rulebook("civic"))
    assert "call it .yaml" in str(problems[0])


def test_one_file_of_provisions_is_checked_alone_or_in_its_folder(rooms: Rooms) -> None:
    """A loose file may lean on a scale elsewhere; one in a folder is held to the folder."""
    loose = "provisions:\n  - {id: a, rule: points, from: 2014-01-01, evidence: fiction,"
    loose += " cite: {source: gazette, at: x}, acts: [late_bill], points: -5000}\n"
    assert rooms.library.check(rooms.write("loose.yaml", loose)) == []
    problems = rooms.library.check(rooms.write("rulebooks/civic/more.yaml", loose))
    assert {"overlaps" in str(p) or "outside" in str(p) for p in problems} == {True}


def test_800_provisions_load_within_a_second_or_so(rooms: Rooms) -> None:
    """A long rulebook is read about as fast as a short one is typed."""
    acts = (rooms.root / "assumptions/acts.yaml").read_text(encoding="utf-8")
    begin = acts.index("  - {id: kind_deed")
    deeds = "".join(acts[begin:].replace("kind_deed", f"deed_{n}") for n in range(800))
    rooms.write("assumptions/acts.yaml", acts + deeds)
    rules = "".join(
        f"  - id: p{n}\n    rule: points\n    from: 2014-01-01\n    evidence: fiction\n"
        f"    cite: {{source: gazette, at: art. {n}}}\n    acts: [deed_{n}]\n    points: 5\n"
        for n in range(800)
    )
    rooms.write("rulebooks/civic/many.yaml", "provisions:\n" + rules)
    start = time.perf_counter()
    assert len(rooms.library.rulebook("civic").provisions) == 806
    # Alone it takes about 0.4 s; the bound leaves room for a busy machine.
    assert time.perf_counter() - start < 4.0


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (RULES, "provisions:\n" + "- {rule: a}\n" * 90_000),
        (RULES, "provisions: [{rule: scale, " + ",".join(f"k{n}: 1" for n in range(90_000)) + "}]"),
        (RULES, "".join(f"k{n}: 1\n" for n in range(90_000))),
        (RULES, "provisions:\n" + "- {cite: {source: a, at: b}}\n" * 35_000),
        ("assumptions/process.yaml", "".join(f"k{n}: 1\n" for n in range(90_000))),
        ("sources/all.yaml", "".join(f"k{n}: {{a: 1}}\n" for n in range(60_000))),
        ("scenarios/try.yaml", "arms: [" + "a," * 500_000 + "]"),
    ],
)
def test_a_file_full_of_problems_is_refused_quickly(rooms: Rooms, file: str, text: str) -> None:
    """A file of 1 MiB in which everything is wrong does not take minutes to say so."""
    path = rooms.write(file, text)
    start = time.perf_counter()
    assert rooms.library.check(path)
    assert time.perf_counter() - start < 20.0
