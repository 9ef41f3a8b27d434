"""A still picture of a scene: its last step, arms side by side, for where no drawing can move.

A notebook that was exported shows it in place of the widget. The same shapes and colours as the
drawing: a dot is a person, coloured by score; a ring is listed rightly, a diamond listed wrongly,
a red stroke refused in the last step.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glasshouse.app.messages import Kind, read
from glasshouse.engine import journal
from glasshouse.report.words import number, of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from glasshouse.app.messages import Events, People

# The colours of static/look.js; a test compares them.
LOW, START, HIGH = (255, 140, 51), (97, 108, 120), (82, 182, 255)
RIGHTLY, WRONGLY, REFUSED = (255, 255, 255), (255, 218, 77), (255, 84, 89)
GROUND = (10, 13, 16)
HALF = 6
"""Steps of colour on either side of the start; fewer than the drawing has, to stay small."""

WIDTH = 420
"""Of one arm, in pixels of the picture."""

GAP = 3.0
"""Between communities, in dots."""

UNSCORED = np.iinfo(np.int32).min


class Still(NamedTuple):
    """Everybody at the end of the scene in one arm."""

    score: NDArray[np.int32]
    rightly: NDArray[np.bool_]
    wrongly: NDArray[np.bool_]
    refused: NDArray[np.bool_]


def still_of(stream: bytes) -> str:
    """Give the last step of a scene as HTML: a sentence, a picture an arm, what the shapes say."""
    header: dict[str, Any] = {}
    people: People | None = None
    steps: list[Events] = []
    counts: dict[str, Any] = {}
    for message in read(stream):
        if message.kind is Kind.HEADER:
            header = message.said
        elif message.kind is Kind.PEOPLE:
            people = message.said
        elif message.kind is Kind.STEP:
            steps.append(message.said[1])
        elif message.kind is Kind.COUNTS:
            counts = message.said
    if people is None or not steps:
        raise ValueError("a scene without people or steps has no last one")
    chosen = next(
        (one["rulebook"] for arm in header["arms"] for one in arm["instruments"]),
        "",
    )
    scale = next(
        (one for arm in header["arms"] for one in arm["instruments"] if one["rulebook"] == chosen),
        None,
    )
    drawn = [
        arm_of(header, people, last_of(header, people, steps, place, chosen), place, counts, scale)
        for place in range(len(header["arms"]))
    ]
    return page_of(header, drawn)


def last_of(
    header: Mapping[str, Any], people: People, steps: list[Events], arm: int, rulebook: str
) -> Still:
    """Give everybody at the end in an arm: the last thing that the events said."""
    rows = len(people.number)
    instruments = header["arms"][arm]["instruments"]
    place = next((n for n, one in enumerate(instruments) if one["rulebook"] == rulebook), -1)
    score = np.full(rows, UNSCORED, np.int32)
    if place >= 0:
        score[applies_to(header, people, instruments[place])] = instruments[place]["start"]
    right = header["labels"].index("rightly")
    open_listings: dict[tuple[int, int], list[bool]] = {}
    refused = np.zeros(rows, np.bool_)
    for number_of_step, events in enumerate(steps):
        mine = events.arm == arm
        scored = mine & (events.what == journal.SCORE) & (events.first == place)
        score[events.row[scored]] = events.second[scored]
        for at in np.flatnonzero(mine & np.isin(events.what, (journal.LISTED, journal.LEFT))):
            key = int(events.row[at]), int(events.first[at])
            held = open_listings.setdefault(key, [])
            if events.what[at] == journal.LISTED:
                held.append(bool(events.second[at] == right))
            elif held:
                held.pop(0)
        if number_of_step == len(steps) - 1:
            refused[events.row[mine & (events.what == journal.REFUSED)]] = True
    rightly, wrongly = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
    for (row, _), held in open_listings.items():
        rightly[row] |= any(held)
        wrongly[row] |= not all(held)
    return Still(score, rightly, wrongly, refused)


def applies_to(
    header: Mapping[str, Any], people: People, instrument: Mapping[str, Any]
) -> NDArray[np.bool_]:
    """Say whom an instrument scores: rows of its kind, where it is in force."""
    kinds = ("person", "enterprise", "court", "government")
    scored = np.ones(len(people.number), np.bool_)
    if instrument.get("applies_to") in kinds:
        scored &= (people.flags >> 2) & 3 == kinds.index(instrument["applies_to"])
    if instrument.get("where"):
        inside = [one["province"] in instrument["where"] for one in header["communities"]]
        scored &= np.array(inside, np.bool_)[people.community]
    return scored


class Drawn(NamedTuple):
    """One arm: its picture and the words under it."""

    arm: str
    svg: str
    words: str


def arm_of(
    header: Mapping[str, Any],
    people: People,
    still: Still,
    arm: int,
    counts: Mapping[str, Any],
    scale: Mapping[str, Any] | None,
) -> Drawn:
    """Draw one arm."""
    said = counts.get("arms", [{}] * (arm + 1))[arm]
    listed, refused = said.get("listed_persons", 0), said.get("refused_people", 0)
    words = (
        f"{of(listed, 'person', 'persons')} on a list in the month,"
        f" {of(refused, 'person', 'people')} refused at a counter"
    )
    name = header["arms"][arm]["arm"]
    x, y, pitch, height = placed(people)
    marks = "".join(marks_of(still, scale, x, y, pitch))
    label = escape(f"{name}: {words}", quote=True)
    svg = (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{label}"'
        f' style="background:{css(GROUND)};width:100%;max-width:{WIDTH}px" fill="none"'
        f' stroke-linecap="round">{marks}</svg>'
    )
    return Drawn(name, svg, words)


def placed(people: People) -> tuple[NDArray[Any], NDArray[Any], float, float]:
    """Give everybody a place: communities in rows of squares, people in rows within."""
    sizes = np.bincount(people.community)
    side = math.ceil(math.sqrt(sizes.max()))
    across = max(1, math.ceil(math.sqrt(len(sizes))))
    pitch = WIDTH / (across * (side + GAP))
    begins = np.concatenate(([0], np.cumsum(sizes)))[people.community]
    within = np.arange(len(people.community)) - begins
    x = (people.community % across) * (side + GAP) + within % side + GAP / 2 + 0.5
    y = (people.community // across) * (side + GAP) + within // side + GAP / 2 + 0.5
    height = math.ceil(len(sizes) / across) * (side + GAP) * pitch
    return x * pitch, y * pitch, pitch, height


def marks_of(
    still: Still,
    scale: Mapping[str, Any] | None,
    x: NDArray[Any],
    y: NDArray[Any],
    pitch: float,
) -> Iterator[str]:
    """Give the dots, a path a colour, and over them what befell people, each in its shape."""
    ramp = steps_of(still.score, scale)
    for step in np.unique(ramp):
        rows = np.flatnonzero(ramp == step)
        wide = pitch * (0.54 if step < 0 else 0.78)
        colour = START if step < 0 else mixed(int(step))
        points = "".join(f"M{x[row]:.1f} {y[row]:.1f}h0" for row in rows)
        yield f'<path d="{points}" stroke="{css(colour)}" stroke-width="{max(1.4, wide):.1f}"/>'
    ring, wing, dash = max(2.0, pitch * 0.6), max(2.4, pitch * 0.8), max(3.0, pitch)
    half = f"a{ring:.1f} {ring:.1f} 0 1 0"
    side = f"{wing:.1f}"
    shapes = (
        (still.rightly, f"m-{ring:.1f} 0{half} {2 * ring:.1f} 0{half} -{2 * ring:.1f} 0", RIGHTLY),
        (still.wrongly, f"m0 -{side}l{side} {side}l-{side} {side}l-{side} -{side}z", WRONGLY),
        (still.refused, f"m-{dash:.1f} 0h{2 * dash:.1f}", REFUSED),
    )  # fmt: skip
    for befell, shape, colour in shapes:
        points = "".join(f"M{x[row]:.1f} {y[row]:.1f}{shape}" for row in np.flatnonzero(befell))
        if points:
            thin = max(0.8, pitch * 0.2)
            yield f'<path d="{points}" stroke="{css(colour)}" stroke-width="{thin:.1f}"/>'


def steps_of(score: NDArray[np.int32], scale: Mapping[str, Any] | None) -> NDArray[np.int64]:
    """Give each score's step of colour: 0 the lowest, HALF the start; -1 who has none."""
    if scale is None:
        return np.full(len(score), -1, np.int64)
    start, low, high = scale["start"], scale["low"], scale["high"]
    span = np.where(score < start, start - low, high - start)
    part = (score - float(start)) / np.maximum(span, 1)
    step = np.rint(HALF + HALF * np.clip(part, -1, 1)).astype(np.int64)
    return np.where(score == UNSCORED, -1, step)


def mixed(step: int) -> tuple[int, int, int]:
    """Give the colour of a step, as the drawing mixes it."""
    end = LOW if step < HALF else HIGH
    share = (abs(step - HALF) / HALF) ** 0.7
    red, green, blue = (
        round(one + (other - one) * share) for one, other in zip(START, end, strict=True)
    )
    return red, green, blue


def css(colour: tuple[int, int, int]) -> str:
    """Give a colour as a style names it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def page_of(header: Mapping[str, Any], drawn: list[Drawn]) -> str:
    """Put sentence, pictures and key together."""
    last = header["steps"][-1]["label"]
    head = (
        f"{header['title']}: the last of {of(len(header['steps']), 'step', 'steps')}, {last}."
        f" {number(header['people'])} of {number(header['people_in_all'])} synthetic people are"
        " shown, community by community, in every arm the same people."
    )
    key = (
        "Orange is a score below the start, blue above it, a small grey dot has no score. A ring:"
        " on a list rightly. A diamond: on a list wrongly. A red stroke: refused in this step."
        " In a running notebook this picture moves."
    )
    figures = "".join(
        '<figure style="margin:0;flex:1 1 260px"><figcaption><strong>'
        f"{escape(one.arm)}</strong>: {escape(one.words)}</figcaption>{one.svg}</figure>"
        for one in drawn
    )
    return (
        f'<div class="glasshouse-still"><p>{escape(head)}</p>'
        f'<div style="display:flex;flex-wrap:wrap;gap:12px">{figures}</div>'
        f"<p><small>{escape(key)}</small></p></div>"
    )
