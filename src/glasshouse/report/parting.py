"""Where the arms of one life part, and why: in sentences, from its events alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.report.life import told

if TYPE_CHECKING:
    import datetime as dt

    from glasshouse.report.life import Event, Life


class Parting(NamedTuple):
    """A day on which an arm leaves the arm that it is compared with."""

    day: dt.date
    arm: int
    sort: str
    """`record`, `act`, `list` or `counter`: what is different for the first time."""
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
    found = []
    for arm in range(len(life.legend.arms)):
        if arm != lanes.reference:
            found += _of_arm(life, lanes, arm)
    return sorted(found, key=lambda one: (one.day, ORDER.index(one.sort), one.arm))


ORDER = ("act", "record", "list", "counter")


def together(life: Life) -> str:
    """Say in a sentence what all lanes share, and whether they ever part."""
    lanes = lanes_of(life)
    acts = sum(event.what == "act" and event.arm == lanes.reference for event in life.events)
    name = life.arms[lanes.reference]
    if not partings(life):
        return f"The lanes never part: {acts:,} acts in arm {name}, and nothing differs elsewhere."
    other = "other lanes have" if len(life.arms) > 2 else "other lane has"
    return (
        f"Arm {name} has {acts:,} acts. The {other} the same candidate acts and the same luck "
        "under other rules; the numbers mark where something differs for the first time."
    )


def _of_arm(life: Life, lanes: Lanes, arm: int) -> list[Parting]:
    mine = [event for event in life.events if event.arm == arm]
    theirs = [event for event in life.events if event.arm == lanes.reference]
    found = []
    first = _first_new(mine, theirs, "entry")
    if first is not None:
        found.append(Parting(first.day, arm, "record", _recorded(life, mine, first)))
    act = _first_act(life, lanes, arm)
    if act is not None:
        found.append(act)
    listed = _first_new(mine, theirs, "listed")
    if listed is not None:
        found.append(Parting(listed.day, arm, "list", _listed(life, mine, listed)))
    refused = _first_new(mine, theirs, "refused")
    if refused is not None:
        where = life.arms[arm]
        text = told(refused, life.legend)
        found.append(Parting(refused.day, arm, "counter", f"In arm {where} the person is {text}."))
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


def _recorded(life: Life, mine: list[Event], entry: Event) -> str:
    """Say what was written down first, and what was seen before it."""
    where, reference = life.arms[entry.arm], life.arms[lanes_of(life).reference]
    kind, act = divmod(entry.first, len(life.legend.acts))
    title = life.legend.acts[act].title
    if kind:
        return f"In arm {where} an entry is made: {told(entry, life.legend)}."
    seen = [event for event in mine if event.what == "act" and event.first == act and event.second
            and event.day <= entry.day]  # fmt: skip
    if not seen:
        return f"In arm {where} an entry is made: {told(entry, life.legend)}."
    when = "" if seen[-1].day == entry.day else f" on {seen[-1].day.isoformat()}"
    return (
        f"“{title}”{when} was seen, and so in arm {where} it is {told(entry, life.legend)}; in arm "
        f"{reference} nobody keeps it."
    )


def _first_act(life: Life, lanes: Lanes, arm: int) -> Parting | None:
    new = [life.events[place] for place in sorted(lanes.only_here[arm])]
    firsts = [(event.day, how, event) for how, some in (
        ("is done in this arm alone", new), ("is left undone", list(lanes.missing[arm]))
    ) for event in some[:1]]  # fmt: skip
    if not firsts:
        return None
    day, how, event = min(firsts, key=lambda one: one[0])
    title = life.legend.acts[event.first].title
    count = f"{len(new):,} done in addition and {len(lanes.missing[arm]):,} left undone in all"
    sentence = f"In arm {life.arms[arm]} “{title}” {how} ({count})."
    return Parting(day, arm, "act", sentence)


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
        knows = " The person never learns of it."
    else:
        how = told(learned, life.legend).split(" of being")[0]
        knows = f" The person {how} {_after((learned.day - listed.day).days)}."
    return f"In arm {life.arms[listed.arm]} the person is {text}.{last}{knows}"


def _after(days: int) -> str:
    if days == 0:
        return "on the same day"
    return "a day later" if days == 1 else f"{days:,} days later"


def _same(event: Event) -> tuple[dt.date, int]:
    return event.day, event.first
