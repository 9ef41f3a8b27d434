"""The chapters of the tour: loaded strictly, and what they tell is so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from glasshouse import session
from glasshouse.app import tour
from glasshouse.app.settings import read_controls
from glasshouse.errors import BadInput
from glasshouse.law.library import Library
from glasshouse.report import measured
from glasshouse.report.life import told


@pytest.fixture(scope="module")
def library() -> Library:
    """Give the packaged rooms."""
    return Library()


def test_the_tour_has_eight_chapters_in_their_order(library: Library) -> None:
    """From the sum by hand to the sandbox: one new thing after the other."""
    found = tour.chapters(library)
    assert [chapter.chapter for chapter in found] == (
        "score watcher list counter adapt twin safeguards sandbox".split()
    )
    assert [chapter.number for chapter in found] == list(range(1, 9))


def test_each_chapter_is_told_with_its_law_and_its_status(library: Library) -> None:
    """What a page takes names the points, the place in the law and how far each part is known."""
    first = tour.told(library, tour.chapters(library))[0]
    worth = {one["provision"]: one["worth"] for one in first["provisions"]}
    assert worth["scale"] == "starts at 100"
    assert worth["street"] == "\N{MINUS SIGN}5"
    assert worth["rudeness"] == "\N{MINUS SIGN}20 to \N{MINUS SIGN}2, as an officer decides"
    assert {one["evidence"] for one in first["provisions"]} == {"fiction"}
    assert all(one["evidence"] for one in first["mechanisms"])


def test_a_chapter_states_no_result_of_its_own(library: Library) -> None:
    """Words hold no digit: every number on the page comes from a run or from the law."""
    for chapter in tour.chapters(library):
        for text in (*chapter.words, chapter.ask.question, chapter.ask.look, chapter.ask.answer):
            assert not any(letter.isdigit() for letter in text), (chapter.chapter, text)


@pytest.fixture
def rooms(tmp_path: Path, library: Library) -> Path:
    """Give a copy of the rooms in which a chapter can be spoilt."""
    shutil.copytree(library.root, tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("idea:", "ideas:", "ideas"),
        ("number: 4", "number: 5", "stands where"),
        ("chapter: counter", "chapter: till", "the file is called"),
        ("metric: refused_share", "metric: refusd_share", "refused_share"),
        ("mechanisms: [M20", "mechanisms: [M999", "unknown mechanism"),
        ("scenario: pellucid", "scenario: pelucid", "pellucid"),
        ("arm: scored", "arm: scorde", "scored"),
        ("people: 8192", "people: 81920", "people"),
        ("controls: [stale-copies]", "controls: [a, b, c, d]", "one new idea"),
        ("controls: [stale-copies]", "controls: [stale-copy]", "stale-copies"),
    ],
)
def test_a_wrong_chapter_is_refused_with_what_would_be_right(
    rooms: Path, old: str, new: str, said: str
) -> None:
    """A slip in a chapter is told at its place, before anybody sees a page."""
    path = rooms / "tour" / "counter.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        tour.chapters(Library(rooms), {"stale-copies", "notice-for-all"} | CONTROLS)
    assert any(said in str(problem) for problem in caught.value.problems)


def told_of(
    library: Library, found: tour.Chapter, people: int, **controls: float | bool
) -> dict[tuple[str, str], float]:
    """Run a chapter, smaller than on the page, and give its metrics by name and part."""
    sets = read_controls(library).sets(
        library.scenario(found.run.scenario), {**found.run.controls, **controls}
    )
    run = session.run(found.run.scenario, people=people, years=found.run.years, set=sets)
    rows = measured.metric_rows(
        run.archive, [one.metric for one in found.shown], arms=[found.run.arm]
    )
    return {(row.metric, row.part): row.value for row in rows if not row.group}


@pytest.mark.parametrize("name", ["watcher", "list", "adapt", "safeguards", "counter"])
def test_what_a_chapter_answers_is_so(library: Library, name: str) -> None:
    """Each answer of the tour comes out of its run, by the very names that the page shows."""
    found = {chapter.chapter: chapter for chapter in tour.chapters(library)}[name]
    first = told_of(library, found, 4096)
    assert {(one.metric, one.part or "") for one in found.shown} <= first.keys()
    if name == "watcher":
        more = told_of(library, found, 4096, **{"detection-error": 4.0})
        lines, listings = ("misattributed_entry_share", ""), (
            "wrongful_share_of_listings", "not theirs")  # fmt: skip
        assert 3 < more[lines] / first[lines] < 5
        assert first[listings] < more[listings] < 4 * first[listings]
    if name == "list":
        more = told_of(library, found, 4096, **{"notice-for-all": True})
        assert more[("never_known_share", "")] < first[("never_known_share", "")]
    if name == "counter":
        assert first[("refusals_per_person_refused", "")] > 1.5
    if name == "adapt":
        few = told_of(library, found, 4096, aware=0.05)
        assert first[("conduct_change", "praised")] > 2 * few[("conduct_change", "praised")] > 0
        assert first[("conduct_change", "unrecorded")] == 0
        assert abs(first[("conduct_change", "punished")]) < 0.02
        assert first[("conduct_change", "lawful")] < 0
    if name == "safeguards":
        days = "wrongful_person_days"
        able = told_of(library, found, 4096, **{"ability-test": True})
        notice = told_of(library, found, 4096, **{"notice-for-all": True})
        review = told_of(library, found, 4096, **{"human-review": True})
        assert able[(days, "could not")] < review[(days, "could not")] < first[(days, "could not")]
        assert able[(days, "not theirs")] == first[(days, "not theirs")]
        assert review[(days, "not theirs")] < first[(days, "not theirs")]
        assert notice["never_known_share", ""] < first["never_known_share", ""]
        assert able[(days, "could not")] < first[(days, "could not")] / 2
        assert review[(days, "not theirs")] < first[(days, "not theirs")] / 2
        for one in (able, notice, review):
            assert one[(days, "lawful")] >= 0.85 * first[(days, "lawful")]


def life_of(chapter: tour.Chapter) -> list[tuple[str, str]]:
    """Give what befalls the person of a chapter in the arm that it shows: what, and in words."""
    run = session.run(chapter.run.scenario, people=chapter.run.people, years=chapter.run.years)
    assert chapter.life is not None
    provenance = run.archive.provenance
    scenario = provenance.scenario
    life = run.life(chapter.life.community * scenario.community_size + chapter.life.number)
    arm = [one.arm for one in provenance.arms].index(chapter.run.arm)
    return [(e.what, told(e, provenance.legend)) for e in life.events if e.arm == arm]


@pytest.mark.parametrize("name", ["watcher", "list"])
def test_one_line_about_somebody_else_puts_its_person_on_a_list(
    library: Library, name: str
) -> None:
    """The marked person has one wrong line, falls to the lowest grade by it, and never learns."""
    found = {chapter.chapter: chapter for chapter in tour.chapters(library)}[name]
    befell = life_of(found)
    wrong = [words for what, words in befell if what == "entry" and "(not theirs)" in words]
    assert wrong == ["written down: quarrels at home so that others hear it (not theirs)"]
    assert [words for what, words in befell if what == "grade"] == [
        "grade Murky (pellucid-civic-score)"
    ]
    assert [words for what, words in befell if what in {"listed", "learned", "left"}] == [
        "PUT ON the list murky (not theirs)"
    ]


def test_the_person_at_the_counter_learns_of_the_list_there(library: Library) -> None:
    """Listed, and told by nobody until a counter refuses."""
    found = {chapter.chapter: chapter for chapter in tour.chapters(library)}["counter"]
    befell = [words for what, words in life_of(found) if what in {"listed", "learned", "refused"}]
    assert befell == [
        "PUT ON the list murky (could not comply)",
        "learns at a counter of being on the list murky",
        "refused at flight, 4 times",
    ]


CONTROLS = {name for chapter in tour.chapters() for name in chapter.controls}
