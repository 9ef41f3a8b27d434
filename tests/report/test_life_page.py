"""A life as a picture and as a page: complete in words, without a script, the same bytes again."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from glasshouse.errors import BadUsage, OutputExists
from glasshouse.report.life import Event, Life
from glasshouse.report.life_page import drawn, refuse_ending
from glasshouse.report.life_picture import alt_of, picture_of, starts_of
from glasshouse.report.life_rows import Lane, Span, rows_of_lane, spells_of, stacks
from glasshouse.report.parting import lanes_of, partings
from glasshouse.session import Run

DAY = dt.date(2020, 3, 4)
SPAN = Span(dt.date(2020, 1, 1), dt.date(2022, 1, 1))


def later(days: int) -> dt.date:
    """Give a day so many days on."""
    return DAY + dt.timedelta(days=days)


@pytest.fixture(scope="module")
def life(small: Run) -> Life:
    """Give a life in which everything happens that a picture has a mark for."""
    events = (
        Event(DAY, 0, "act", 0, 0),
        Event(DAY, 1, "act", 0, 1),
        Event(later(1), 0, "act", 3, 0),
        Event(later(2), 1, "act", 4, 0),
        *(Event(later(9 + n), 1, "entry", 0, n) for n in range(4)),
        Event(later(12), 1, "score", 0, 90),
        Event(later(12), 1, "grade", 0, 1),
        Event(later(20), 1, "listed", 0, 2),
        Event(later(40), 1, "learned", 0, 1),
        Event(later(41), 1, "contested", 0, 0),
        Event(later(90), 1, "left", 0, 2),
        Event(later(200), 1, "listed", 0, 0),
        Event(later(40), 1, "refused", 0, 3),
        Event(later(60), 1, "privilege", 1, 1),
    )
    return Life(7, events, tuple(small.archive.outcome(7)), small.provenance.legend)


def lane(life: Life, arm: int) -> Lane:
    """Give a lane of the life."""
    return Lane(life, lanes_of(life), arm, SPAN, {})


def test_every_act_is_a_cell_and_says_how_it_differs(life: Life) -> None:
    """Seen, unseen, done here alone, left undone here: each act is one of them."""
    assert stacks(lane(life, 0)) == {2: ["unseen", "unseen"]}
    assert stacks(lane(life, 1)) == {2: ["seen", "added", "undone"]}


def test_a_time_on_a_list_ends_or_lasts_to_the_end(life: Life) -> None:
    """The second listing is not ended by what ended the first."""
    first, second = spells_of(lane(life, 1))
    assert first.left is not None
    assert first.contested is not None
    assert (second.left, second.learned) == (None, None)


def test_a_lane_has_rows_only_for_what_happened(life: Life) -> None:
    """Nobody is scored in the baseline, so its lane holds acts alone."""
    assert [row.title for row in rows_of_lane(lane(life, 0), 3)] == ["acts"]
    titles = [row.title.replace("\u00a0", " ") for row in rows_of_lane(lane(life, 1), 3)]
    assert titles == ["acts", "written down", "score", "on a list", "counters"]
    assert rows_of_lane(lane(life, 1), 3)[-1].right == "3 refused\n1 given"


def test_days_stand_in_order_between_the_ends() -> None:
    """A day before or after the run is put at its end, and months begin where they begin."""
    places = [SPAN.x(SPAN.first + dt.timedelta(days=n)) for n in range(0, 731, 73)]
    assert places == sorted(places)
    assert SPAN.x(dt.date(1990, 1, 1)) == SPAN.start(0) == places[0]
    assert SPAN.months == 24
    assert SPAN.start(12) == SPAN.x(dt.date(2021, 1, 1))


def test_the_picture_says_all_in_words(life: Life, small: Run) -> None:
    """The text instead holds who it is and every parting; the marks have a key."""
    svg = picture_of(life, small.experiment, SPAN)
    root = ET.fromstring(svg)  # noqa: S314 - ours
    assert root.get("role") == "img"
    assert root.get("aria-label") == alt_of(life)
    assert all(one.sentence in alt_of(life) for one in partings(life))
    words = "".join(root.itertext())
    for said in ("act left undone here", "learns of it", "contests it", "refused at a counter",
                 "granted a privilege", "on a list, could not comply"):  # fmt: skip
        assert said in words
    assert "style=" not in svg


def test_a_score_begins_where_its_rulebook_says(life: Life, small: Run) -> None:
    """The start is the scale's; no arm without a score has one."""
    starts = starts_of(life, small.experiment)
    assert starts[1, 0] == 100
    assert {arm for arm, _ in starts} == {1}


def test_the_page_holds_no_script_and_fetches_nothing(life: Life, small: Run) -> None:
    """A content security policy refuses what the page does not need, which is everything."""
    page = drawn(life, small.archive, small.experiment, ".html").decode()
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    assert page == drawn(life, small.archive, small.experiment, ".html").decode()
    assert "glasshouse run pellucid" in page
    for _, cells in life.rows():
        for cell in cells:
            assert cell.replace("&", "&amp;").replace("'", "&#39;") in page


def test_a_life_is_written_as_a_page_or_as_a_picture(small: Run, tmp_path: Path) -> None:
    """Another ending is refused, and so is a file that is there, before anything is replayed."""
    with pytest.raises(BadUsage, match=r"\.html.*\.svg"):
        refuse_ending("life.png")
    (tmp_path / "life.svg").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExists):
        small.draw_life(7, tmp_path / "life.svg")
    assert (tmp_path / "life.svg").read_text(encoding="utf-8") == "mine"
