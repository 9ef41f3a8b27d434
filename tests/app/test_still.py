"""The still picture says what the drawing says of the last step, in the same colours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import glasshouse
from glasshouse.app import still
from glasshouse.app.messages import Events, Kind, People, document, people_message, step_message
from glasshouse.app.scene import scene_of
from glasshouse.engine import journal

if TYPE_CHECKING:
    from glasshouse.session import Run

LOOK = Path(glasshouse.__file__).parent / "app" / "static" / "look.js"
CODE = {meaning.word: code for code, meaning in journal.MEANINGS.items()}
SCALE = {"rulebook": "book", "start": 100, "low": 80, "high": 120}


def header(**more: Any) -> dict[str, Any]:
    """Give the least header that a still picture reads: an arm without and one with a score."""
    given = {
        "title": "A street",
        "steps": [{"label": "2020-01", "days": 31}, {"label": "2020-02", "days": 29}],
        "arms": [{"arm": "nothing", "instruments": []}, {"arm": "scored", "instruments": [SCALE]}],
        "communities": [{"province": "North"}, {"province": "South"}],
        "labels": ["rightly", "not theirs"],
        "people": 4,
        "people_in_all": 9,
    }
    return {**given, **more}


def stream(*steps: list[tuple[int, int, str, int, int]]) -> bytes:
    """Give a scene of four people in two communities: (row, arm, what, first, second) by step."""
    people = People(
        age_years=np.full(4, 30, np.uint8),
        flags=np.array([0, 0, 0, 4], np.uint8),
        household_size=np.ones(4, np.uint8),
        community=np.array([0, 0, 1, 1], np.uint16),
        number=np.array([0, 1, 0, 1], np.uint16),
    )
    pieces = [document(Kind.HEADER, header()), people_message(people)]
    for number, events in enumerate(steps):
        rows = [
            [row, arm, 0, CODE[what], first, second] for row, arm, what, first, second in events
        ]
        columns = np.array(rows, np.int64).reshape(-1, 6).T
        pieces.append(step_message(number, Events(*columns)))
        counts = [{}, {"listed_persons": 2, "refused_people": 1}]
        pieces.append(document(Kind.COUNTS, {"step": number, "arms": counts}))
    return b"".join(pieces)


def test_the_last_word_of_the_events_is_shown() -> None:
    """Scores, open listings by label and refusals of the last step, each for whom it befell."""
    text = still.still_of(
        stream(
            [(0, 1, "score", 0, 90), (1, 1, "listed", 0, 0), (2, 1, "listed", 0, 1),
             (3, 1, "refused", 0, 1)],
            [(0, 1, "score", 0, 120), (1, 1, "left", 0, 0), (0, 1, "refused", 0, 2)],
        )
    )  # fmt: skip
    nothing, scored = re.findall(r"<svg.*?</svg>", text)
    assert still.css(still.HIGH) in scored
    assert still.css(still.LOW) not in scored
    assert still.css(still.RIGHTLY) not in scored
    assert [scored.count(still.css(one)) for one in (still.WRONGLY, still.REFUSED)] == [1, 1]
    for colour in (still.HIGH, still.WRONGLY, still.REFUSED):
        assert still.css(colour) not in nothing
    assert "4 of 9 synthetic people are shown" in text
    assert "2 persons on a list" in text


def test_an_instrument_scores_its_own(small: Run) -> None:
    """Who is of another kind or elsewhere has no score; a run's still picture scores somebody."""
    instrument = {**SCALE, "applies_to": "person", "where": ["South"]}
    byte, place = np.zeros(4, np.uint8), np.array([0, 0, 1, 1], np.uint16)
    people = People(byte, np.array([0, 0, 0, 4], np.uint8), byte, place, np.arange(4, dtype="u2"))
    found = still.applies_to(header(), people, instrument)
    assert found.tolist() == [False, False, True, False]
    text = still.still_of(scene_of(small.archive, small.experiment, 4, device="python"))
    assert still.css(still.mixed(0)) in text
    assert text.count("<svg") == len(small.provenance.arms)


def test_it_asks_for_nothing_and_runs_nothing(small: Run) -> None:
    """The picture is text alone: no script, no address, a label on every figure, small."""
    text = still.still_of(scene_of(small.archive, small.experiment, 4, device="python"))
    assert not re.search(r"<script|https?:|url\(|\son\w+=|<img", text)
    assert text.count('role="img" aria-label="') == text.count("<svg")
    assert len(text) < 60 * 128 * len(small.provenance.arms)


def test_the_colours_are_those_of_the_drawing() -> None:
    """What static/look.js says of its colours stands here as well."""
    text = LOOK.read_text(encoding="utf-8")
    for name, colour in (
        ("low", still.LOW), ("start", still.START), ("high", still.HIGH),
        ("rightly", still.RIGHTLY), ("wrongly", still.WRONGLY), ("refused", still.REFUSED),
        ("field", still.GROUND),
    ):  # fmt: skip
        assert f"{name}: [{', '.join(map(str, colour))}]" in text
    assert still.mixed(0) == still.LOW
    assert still.mixed(still.HALF) == still.START
    assert still.mixed(2 * still.HALF) == still.HIGH


def test_a_scene_without_people_has_no_picture() -> None:
    """A stream that ends before the first step is refused."""
    with pytest.raises(ValueError, match="without people or steps"):
        still.still_of(stream())
