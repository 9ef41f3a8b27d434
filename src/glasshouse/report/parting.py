"""Where the arms of one life part, and why: in sentences, from its events alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.report.life import told
from glasshouse.report.words import listing

if TYPE_CHECKING:
    import datetime as dt

    from glasshouse.report.life import Event, Life


class Parting(NamedTuple):
    """A day on which one arm or several leave the arm that they are compared with."""

    day: dt.date
    arms: tuple[int, ...]
    """Those in which the same happened on the same day."""
    sort: str
    """`act`, `record`, `list` or `counter`: what is different for the first time."""
    sentence: str


class Lanes(NamedTuple):
    """The acts of every arm, told apart by whether another arm has them."""

    reference: int
    """The arm that the others are compared with: the baseline, where there is one."""
    only_here: tuple[frozenset[int], ...]
    """By arm: the places in `events` of acts that the reference has not."""
    missing: tuple[tuple[Event, ...], ...]
    """By arm: acts of the reference that were not done here."""


def lanes_of(life: Life) -> Lanes:
    """Tell the acts apart: the same acts on the same days are the same candidate acts."""
    reference = next((n for n, arm in enumerate(life.legend.arms) if arm.is_baseline), 0)
    theirs = [event for event in life.events if event.what == "act" and event.arm == reference]
    only, missing = [], []
    for arm in range(len(life.legend.arms)):
        left = Counter(_same(event) for event in theirs)
        new = set()
        for place, event in enumerate(life.events):
            if event.what != "act" or event.arm != arm:
                continue
            if left[_same(event)]:
                left[_same(event)] -= 1
            else:
                new.add(place)
        gone = []
        for event in theirs:
            if left[_same(event)]:
                left[_same(event)] -= 1
                gone.append(event)
        only.append(frozenset(new))
        missing.append(tuple(gone))
    return Lanes(reference, tuple(only), tuple(missing))


def partings(life: Life) -> list[Parting]:
    """Say where every arm first differs: on record, in what is done, on a list, at a counter."""
    lanes = lanes_of(life)
    found: dict[tuple[dt.date, str, str], list[int]] = {}
    for arm in range(len(life.legend.arms)):
        if arm != lanes.reference:
            for day, sort, text in _of_arm(life, lanes, arm):
                found.setdefault((day, sort, text), []).append(arm)
    order = sorted(found, key=lambda one: (one[0], ORDER.index(one[1]), found[one]))
    return [
        Parting(day, tuple(found[day, sort, text]), sort,
                f"In {_named(life, found[day, sort, text])} {text}")
        for day, sort, text in order
    ]  # fmt: skip


ORDER = ("act", "record", "list", "counter")

First = tuple["dt.date", str, str]
"""A day, a sort, and what happens, without the arm."""


def together(life: Life) -> str:
    """Say in a sentence what all lanes share, and how far what is done differs."""
    lanes = lanes_of(life)
    acts = sum(event.what == "act" and event.arm == lanes.reference for event in life.events)
    name = life.arms[lanes.reference]
    if not partings(life):
        return f"The lanes never part: {acts:,} acts in arm {name}, and nothing differs elsewhere."
    other = "other lanes have" if len(life.arms) > 2 else "other lane has"
    return (
        f"Arm {name} has {acts:,} acts. The {other} the same candidate acts and the same luck "
        f"under other rules. {'; '.join(_apart(life, lanes))}. The numbers mark where something "
        "differs for the first time."
    )


def _apart(life: Life, lanes: Lanes) -> list[str]:
    return [
        f"Arm {life.arms[arm]} adds {len(lanes.only_here[arm]):,} and leaves "
        f"{len(lanes.missing[arm]):,} undone"
        for arm in range(len(life.arms))
        if arm != lanes.reference
    ]


def _named(life: Life, arms: list[int]) -> str:
    names = [life.arms[arm] for arm in arms]
    return f"arm {names[0]}" if len(names) == 1 else f"arms {listing(names)}"


def noun_of(life: Life) -> str:
    """Give what the row is: a person, an enterprise, a court, a government."""
    return str(life.totals[0]["kind"]) if life.totals else "person"


def titled(life: Life) -> str:
    """Give what the row is and its address: `Person 7`."""
    return f"{noun_of(life).capitalize()} {life.person}"


def _of_arm(life: Life, lanes: Lanes, arm: int) -> list[First]:
    mine = [event for event in life.events if event.arm == arm]
    theirs = [event for event in life.events if event.arm == lanes.reference]
    found: list[First] = []
    entry = _first_new(mine, theirs, "entry")
    if entry is not None:
        found.append((entry.day, "record", _recorded(life, lanes, mine, entry)))
    act = _first_act(life, lanes, arm)
    if act is not None:
        found.append(act)
    listed = _first_new(mine, theirs, "listed")
    if listed is not None:
        found.append((listed.day, "list", _listed(life, mine, listed)))
    refused = _first_new(mine, theirs, "refused")
    if refused is not None:
        text = f"the {noun_of(life)} is {told(refused, life.legend)}."
        found.append((refused.day, "counter", text))
    return found


def _first_new(mine: list[Event], theirs: list[Event], what: str) -> Event | None:
    known = Counter(_same(event) for event in theirs if event.what == what)
    for event in mine:
        if event.what != what:
            continue
        if not known[_same(event)]:
            return event
        known[_same(event)] -= 1
    return None


def _recorded(life: Life, lanes: Lanes, mine: list[Event], entry: Event) -> str:
    """Say what was written down first, and what was seen before it."""
    kind, act = divmod(entry.first, len(life.legend.acts))
    what = told(entry, life.legend)
    seen = [event for event in mine if event.what == "act" and event.first == act and event.second
            and event.day <= entry.day]  # fmt: skip
    if kind or not seen or life.legend.labels[entry.second] == "not_theirs":
        return f"an entry is made: {what}."
    when = "" if seen[-1].day == entry.day else f" on {seen[-1].day.isoformat()}"
    title = life.legend.acts[act].title
    label = what.removeprefix(f"written down: {title.lower()}")
    other = life.arms[lanes.reference]
    return f"“{title}”, seen{when}, is written down{label}; in arm {other} it is not."


def _first_act(life: Life, lanes: Lanes, arm: int) -> First | None:
    new = [life.events[place] for place in sorted(lanes.only_here[arm])]
    firsts = [(some[0].day, how, some[0]) for how, some in (
        ("is done", new), ("is left undone", list(lanes.missing[arm]))
    ) if some]  # fmt: skip
    if not firsts:
        return None
    day, how, event = min(firsts, key=lambda one: one[0])
    title = life.legend.acts[event.first].title
    other = "it is not" if how == "is done" else "it is done"
    return day, "act", f"“{title}” {how}; in arm {life.arms[lanes.reference]} {other}."


def _listed(life: Life, mine: list[Event], listed: Event) -> str:
    """Say on which list, what came last before it, and when the person learned of it."""
    text = told(listed, life.legend).replace("PUT ON", "put on")
    before = [event for event in mine
              if event.day <= listed.day and event.what in {"grade", "entry"}]  # fmt: skip
    last = ""
    if before:
        day = before[-1].day.isoformat()
        last = f" Last before it: {told(before[-1], life.legend)}, on {day}."
    after = (event for event in mine if event.what == "learned" and event.first == listed.first)
    learned = next((event for event in after if event.day >= listed.day), None)
    if learned is None:
        knows = f" The {noun_of(life)} never learns of it."
    else:
        how = told(learned, life.legend).split(" of being")[0]
        knows = f" The {noun_of(life)} {how} {_after((learned.day - listed.day).days)}."
    return f"the {noun_of(life)} is {text}.{last}{knows}"


def _after(days: int) -> str:
    if days == 0:
        return "on the same day"
    return "a day later" if days == 1 else f"{days:,} days later"


def _same(event: Event) -> tuple[dt.date, int]:
    return event.day, event.first
