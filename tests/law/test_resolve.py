"""Scenarios resolve to experiments, by name or path, with every value settled and checked."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING

import pytest

from glasshouse.errors import BadInput
from glasshouse.law.library import Library

if TYPE_CHECKING:
    from pathlib import Path

    from tests.law.conftest import Rooms

TRY = "scenarios/try.yaml"


def test_a_scenario_resolves_to_arms_with_their_own_values(rooms: Rooms) -> None:
    """The baseline scores nobody; an arm's own values hold in that arm alone."""
    experiment = rooms.library.resolve("try")
    nothing, scored = experiment.arms
    assert (nothing.is_baseline, scored.is_baseline) == (True, False)
    assert scored.rulebooks[0].rulebook.rulebook == "civic"
    assert scored.rulebooks[0].from_date == dt.date(2015, 1, 1)
    assert scored.rulebooks[0].where == ("NO",)
    assert nothing.assumptions.process["pursued"].value == 0.0
    assert scored.assumptions.process["pursued"].value == 0.2
    assert nothing.assumptions.response["aware"].value == 0.4
    assert experiment.scenario.first_day == dt.date(2014, 6, 1)


def test_set_replaces_settings_and_values(rooms: Rooms) -> None:
    """An arm's own value yields only to a --set that names the arm."""
    sets = {
        "people": "1e6",
        "start": "2020-01",
        "step": "week",
        "process.pursued": "0.7",
        "process.notice_reaches": "0.6",
        "arms.scored.process.notice_reaches": "0.9",
    }
    experiment = rooms.library.resolve("try", sets)
    nothing, scored = (arm.assumptions.process for arm in experiment.arms)
    assert experiment.scenario.people == 1_000_000
    assert experiment.scenario.step == "week"
    assert (nothing["pursued"].value, scored["pursued"].value) == (0.7, 0.2)
    assert (nothing["notice_reaches"].value, scored["notice_reaches"].value) == (0.6, 0.9)
    assert experiment.sets == sets


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("people", "0", "0 is out of range (at least 1)"),
        ("people", "many", "where a whole number belongs"),
        ("start", "2014-13", "`2014-13` is not a month"),
        ("step", "hour", "the text `hour` is not allowed"),
        ("community_size", "20000", "20000 is out of range (at most 16384)"),
        ("comunity_size", "20", "did you mean `community_size`?"),
        ("acts.late_bil.per_year", "0.2", "did you mean `acts.late_bill.per_year`?"),
        ("acts.late_bill.per_year", "0.6", "outside the declared range (between 0.1 and 0.5)"),
        ("arms.scred.process.pursued", "0.6", "unknown arm `scred` (did you mean `scored`?)"),
        ("arms.scored", "0.6", "name a value in an arm, as in arms.scored.response.aware"),
        ("arms.scored.acts.late_bill.per_year", "0.2", "acts are shared by all arms"),
    ],
)
def test_a_bad_set_is_refused(rooms: Rooms, path: str, value: str, message: str) -> None:
    """Each bad value is met with what would be right."""
    problems = rooms.problems(lambda: rooms.library.resolve("try", {path: value}))
    assert message in "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("where: [NO]", "where: []", "where: no province is named, so it would hold nowhere"),
        ("where: [NO]", "where: [NE]", "unknown province `NE`"),
        ("rulebook: civic", "rulebook: cvic", "no rulebook `cvic`, neither a name nor a path"),
        ("society: tiny", "society: tny", "did you mean `tiny`?"),
        ("start: 2014-06", "start: 2014-06-01", "where text (put it in quotes) belongs"),
        ("people: 10_000", "people: 1.5", "1.5 where a whole number belongs"),
        ("arm: scored", "arm: nothing", "a second arm `nothing`"),
        ("process.pursued: 0.2", "process.pursued: 2", "outside the declared range"),
        ("response.aware", "response.awre", "did you mean `response.aware`?"),
        ("scenario: try", "scenario: tried", "call the file tried.yaml"),
        ("seed: 1", "seed: -1", "-1 is out of range (at least 0)"),
        ("seed: 1\n", "seed: 1\nsed: 2\n", "unknown key `sed` (did you mean `s"),
    ],
)
def test_a_bad_scenario_is_refused(rooms: Rooms, old: str, new: str, message: str) -> None:
    """What a scenario gets wrong is told at its place in the scenario."""
    path = rooms.change(TRY, old, new)
    problems = rooms.problems(lambda: rooms.library.resolve("try"))
    assert message in "\n".join(map(str, problems))
    assert all(p.line and p.file.endswith("try.yaml") for p in problems)
    assert rooms.library.check(path) == problems


def test_problems_of_all_documents_come_at_once(rooms: Rooms) -> None:
    """A scenario, its rulebook and its society tell their problems together."""
    rooms.change(TRY, "[NO]", "[NE]")
    rooms.change("rulebooks/civic/rules.yaml", "counter: flight", "counter: train")
    problems = rooms.problems(lambda: rooms.library.resolve("try", {"years": "0"}))
    assert len(problems) == 3


def test_months_may_say_how_long_a_run_lasts(rooms: Rooms) -> None:
    """In the place of years, in a file or set; whichever is set last in that order holds."""
    settled = rooms.library.resolve("try", {"months": "14"}).scenario
    assert (settled.months, settled.years, settled.months_in_all) == (14, 2, 14)
    assert settled.end_day == dt.date(settled.first_day.year + 1, settled.first_day.month + 2, 1)
    rooms.change(TRY, "years: 2", "months: 2")
    assert rooms.library.resolve("try").scenario.months_in_all == 2
    assert rooms.library.resolve("try", {"people": "50"}).scenario.months_in_all == 2
    assert rooms.library.resolve("try", {"years": "3"}).scenario.months_in_all == 36
    both = rooms.problems(lambda: rooms.library.resolve("try", {"years": "3", "months": "2"}))
    assert "`years` and `months` both say how long" in str(both[0])


@pytest.mark.parametrize("months", ["0", "1201", "1.5", "many"])
def test_months_are_a_whole_number_of_at_most_a_century(rooms: Rooms, months: str) -> None:
    """What is wrong is said of the months, and of nothing else."""
    (problem,) = rooms.problems(lambda: rooms.library.resolve("try", {"months": months}))
    assert problem.where == "months"


def test_the_files_of_an_experiment_resolve_to_the_same_experiment(
    rooms: Rooms, tmp_path: Path
) -> None:
    """A run directory carries all it needs, also when the user's files lay elsewhere."""
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.copytree(rooms.root / "rulebooks" / "civic", mine / "civic")
    shutil.copytree(rooms.root / "societies" / "tiny", mine / "tiny")
    text = (rooms.root / TRY).read_text(encoding="utf-8")
    text = text.replace("rulebook: civic", "rulebook: ./civic").replace("y: tiny", "y: ./tiny")
    (mine / "try.yaml").write_text(text, encoding="utf-8")
    sets = {"years": "3", "process.pursued": "0.5"}
    experiment = rooms.library.resolve(mine / "try.yaml", sets)
    copy = tmp_path / "run" / "data"
    for name, content in experiment.files.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(content)
    shutil.rmtree(mine)
    shutil.rmtree(rooms.root)
    again = Library(copy).resolve("try", experiment.sets)
    assert again == experiment
    assert again.files == experiment.files


def test_names_and_paths_serve_alike(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder, its header file and the name mean the same rulebook; `..` is no name."""
    library = rooms.library
    folder = rooms.root / "rulebooks" / "civic"
    assert library.rulebook(folder) == library.rulebook("civic")
    assert library.rulebook(folder / "rulebook.yaml") == library.rulebook("civic")
    assert library.names("rulebooks") == ("civic",)
    assert library.names("sources") == ("gazette",)
    monkeypatch.chdir(tmp_path)
    for odd in ("..", "", "a\0b", "x" * 5000, "/"):
        with pytest.raises(BadInput):
            library.rulebook(odd)


def test_check_takes_any_document(rooms: Rooms) -> None:
    """Whatever the file or folder, what is right has no problem."""
    for path in (*rooms.root.rglob("*.yaml"), *(rooms.root / "rulebooks").iterdir()):
        assert rooms.library.check(path) == []
    assert rooms.library.check("civic") == []
    assert rooms.library.check("process") == []


def test_check_names_what_is_no_document(rooms: Rooms) -> None:
    """An unknown name, an empty folder and a foreign file are told apart."""
    odd = rooms.write("odd/odd.yaml", "colour: blue\n")
    assert "no document that glasshouse knows" in str(rooms.library.check(odd)[0])
    assert "holds neither" in str(rooms.library.check(odd.parent)[0])
    assert "does not exist" in str(rooms.library.check("nowhere")[0])


def test_check_of_one_assumption_file_tells_of_that_file_only(rooms: Rooms) -> None:
    """A copy of an assumption file is held against the other files of the library."""
    text = (rooms.root / "assumptions/acts.yaml").read_text(encoding="utf-8")
    path = rooms.write("mine/acts.yaml", text.replace("{camera:", "{camra:"))
    assert ["unknown channel" in str(p) for p in rooms.library.check(path)] == [True]


def test_another_rulebook_takes_the_place_of_an_arm_s_own() -> None:
    """One value compares any two rulebooks; what the arm left out of its own goes with that."""
    sets = {"arms.first.rulebook": "suining-2010"}
    nothing, first, second = Library().resolve("two-rulebooks", sets).arms
    assert nothing.is_baseline
    assert [use.rulebook.rulebook for use in first.rulebooks] == ["suining-2010"]
    assert [use.rulebook.rulebook for use in second.rulebooks] == ["court-list-as-documented"]
    less = Library().resolve("five-texts", {"arms.worse-not-imagined.rulebook": "suining-2010"})
    arm = next(arm for arm in less.arms if arm.name == "worse-not-imagined")
    assert [use.rulebook.rulebook for use in arm.rulebooks] == ["suining-2010"]


def test_a_run_s_own_copies_resolve_to_the_same_rulebooks(tmp_path: Path) -> None:
    """A run directory holds the rulebook that was set, and needs no other."""
    sets = {"arms.first.rulebook": "suining-2010"}
    experiment = Library().resolve("two-rulebooks", sets)
    assert "rulebooks/national-score-as-told/rulebook.yaml" not in experiment.files
    for name, content in experiment.files.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    again = Library(tmp_path).resolve("two-rulebooks", sets)
    assert again.arms == experiment.arms


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("arms.first.rulebook", "suinin-2010", "did you mean `suining-2010`"),
        ("arms.frist.rulebook", "suining-2010", "unknown arm `frist`"),
        ("rulebook", "suining-2010", "arms.ARM.rulebook=NAME"),
        ("arms.first.rulebook", "2010", "is not the name of a rulebook"),
    ],
)
def test_a_rulebook_that_cannot_be_set_is_told_at_the_value(
    path: str, value: str, said: str
) -> None:
    """The problem stands at `--set`, where it was typed, and not in the scenario's file."""
    with pytest.raises(BadInput) as error:
        Library().resolve("two-rulebooks", {path: value})
    assert [problem.file for problem in error.value.problems] == ["--set"]
    assert said in str(error.value)
