"""One life, day by day, its arms side by side: the same acts, the same luck, other rules.

Events come as plain values, so that nothing here needs the engine that replayed them.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glasshouse.archive.legend import PRAISED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from glasshouse.archive.legend import Legend

LABELS = {
    "rightly": "",
    "not_theirs": "not theirs",
    "could_not": "could not comply",
    "lawful": "a lawful act",
}
REASONS = {
    "stays": "",
    "overturned": "the contest was won",
    "performed": "performed",
    "expired": "the term ended",
    "grade_recovered": "the grade recovered",
}
TOTALS = {
    "listed_days": "days on lists",
    "silent_days": "of them unknown",
    "refusals": "refusals",
    "privileges": "privileges",
    "burden_yuan": "yuan of burden",
    "acts_culpable": "culpable acts",
    "acts_lawful": "lawful sensitive acts",
    "acts_praised": "praised acts",
}
"""The columns of the outcome row that close the table; those by cause or context are summed."""

HOW_TO_READ = (
    "A synthetic life. Its arms have the same candidate acts and the same luck under other rules; "
    "an empty place says that it did not happen there."
)

NARROWEST, GAP, DATE_WIDTH = 24, 2, 10


@dataclass(frozen=True)
class Event:
    """Something that happened to one person in one arm; the numbers are codes of the legend."""

    day: dt.date
    arm: int
    what: str
    first: int
    second: int


@dataclass(frozen=True)
class Life:
    """One synthetic life in all arms."""

    person: int
    events: tuple[Event, ...]
    totals: tuple[Mapping[str, Any], ...]
    """The person's outcome row by arm; empty where none was kept."""
    legend: Legend

    @property
    def who(self) -> str:
        """What the outcome row says of the person, in words; empty without one."""
        if not self.totals:
            return ""
        row = self.totals[0]
        place = f"{'town' if row['urban'] else 'country'}, province {row['province']}"
        if row["kind"] != "person":
            return f"{row['kind']}; {place}"
        return f"{row['sex']}, {row['age_years']} years old at the start; {place}"

    @property
    def arms(self) -> tuple[str, ...]:
        """The names of the arms."""
        return tuple(arm.arm for arm in self.legend.arms)

    def plain(self) -> dict[str, Any]:
        """Everything as what JSON has."""
        return {
            "person": self.person,
            "who": self.who,
            "arms": list(self.arms),
            "events": [
                {
                    "day": event.day.isoformat(),
                    "arm": self.arms[event.arm],
                    "what": event.what,
                    "text": told(event, self.legend),
                }
                for event in self.events
            ],
            "totals": {row["arm"]: dict(row) for row in self.totals},
        }

    def text(self, width: int = 120) -> str:
        """The life as a table: a line an event, a column an arm."""
        arms = len(self.arms)
        wide = max(NARROWEST, (width - DATE_WIDTH - arms * GAP) // arms)
        lines = [f"Person {self.person}: {self.who}" if self.who else f"Person {self.person}"]
        lines += textwrap.wrap(HOW_TO_READ, width)
        lines.append("")
        lines += _row("", self.arms, wide)
        lines += _row("-" * DATE_WIDTH, ("-" * wide,) * arms, wide)
        shown = None
        for day, cells in self.rows():
            # A new day shows its date once.
            date = "" if day == shown else day.isoformat()
            lines += _row(date, cells, wide)
            shown = day
        if not self.events:
            lines.append("Nothing happened that the model counts.")
        lines += self._total_lines(wide)
        return "\n".join(lines)

    def __str__(self) -> str:
        """The life as a table."""
        return self.text()

    def rows(self) -> list[tuple[dt.date, tuple[str, ...]]]:
        """Every day's events; the same thing in several arms stands on the same line."""
        by_day: dict[dt.date, dict[tuple[str, str, int], dict[int, str]]] = defaultdict(dict)
        for event in self.events:
            text = told(event, self.legend)
            # An act is the same act whether or not it is seen; whatever else differs is another.
            same = str(event.first) if event.what in {"act", "entry"} else text
            arms = by_day[event.day]
            # The same thing may happen twice on a day: the n-th here meets the n-th there.
            repeat = 0
            while event.arm in arms.get((event.what, same, repeat), {}):
                repeat += 1
            arms.setdefault((event.what, same, repeat), {})[event.arm] = text
        return [
            (day, tuple(there.get(arm, "") for arm in range(len(self.arms))))
            for day in sorted(by_day)
            for (what, _, _), there in sorted(
                by_day[day].items(), key=lambda item: ORDER.index(item[0][0])
            )
        ]

    def _total_lines(self, wide: int) -> list[str]:
        lines = [""] if self.totals else []
        for name, label in TOTALS.items():
            numbers = [sum(n or 0 for key, n in row.items() if key.startswith(name))
                       for row in self.totals]  # fmt: skip
            if any(numbers):
                cells = tuple(f"{number:,} {label}" for number in numbers)
                lines += _row("in all", cells, wide)
        return lines


def _row(date: str, cells: tuple[str, ...], wide: int) -> list[str]:
    columns = [textwrap.wrap(cell, wide) or [""] for cell in cells]
    deep = max(len(column) for column in columns)
    lines = []
    for depth in range(deep):
        parts = [column[depth] if depth < len(column) else "" for column in columns]
        first = date if depth == 0 else ""
        lines.append((" " * GAP).join([first.ljust(DATE_WIDTH), *(p.ljust(wide) for p in parts)]))
    return [line.rstrip() for line in lines]


def told(event: Event, legend: Legend) -> str:
    """An event in words."""
    return _TELL[event.what](event, legend)


def _act(event: Event, legend: Legend) -> str:
    title = _title(legend, event.first)
    return f"{title} (seen)" if event.second else title


def _entry(event: Event, legend: Legend) -> str:
    kind, place = divmod(event.first, len(legend.acts))
    title = _title(legend, place).lower()
    if kind:
        how = "falsely reported" if kind == 1 else "somebody else's, written down here"
        return f"{how}: {title}"
    label = LABELS[legend.labels[event.second]]
    # A praised act is lawful too, but nobody needs to be told.
    is_told = label and legend.acts[place].response not in PRAISED
    return f"written down: {title}" + (f" ({label})" if is_told else "")


def _dropped(event: Event, legend: Legend) -> str:
    why = ("not followed up", "found unable to pay", "stopped in review")[event.second]
    return f"not put on {_list(event, legend)}: {why}"


def _listed(event: Event, legend: Legend) -> str:
    label = LABELS[legend.labels[event.second]]
    return f"PUT ON {_list(event, legend)}" + (f" ({label})" if label else "")


def _learned(event: Event, legend: Legend) -> str:
    how = ("from a notice", "at a counter", "from the own file")[event.second]
    return f"learns {how} of being on {_list(event, legend)}"


def _contested(event: Event, legend: Legend) -> str:
    end = "and will win" if event.second else "and will lose"
    return f"contests {_list(event, legend)}, {end}"


def _performed(event: Event, legend: Legend) -> str:
    end = ("credited", "refused as insincere", "lost on the way")[min(event.second, 2)]
    return f"performs for {_list(event, legend)}: {end}"


def _left(event: Event, legend: Legend) -> str:
    return f"OFF {_list(event, legend)}: {REASONS[legend.reasons[event.second]]}"


def _refused(event: Event, legend: Legend) -> str:
    times = f", {event.second} times" if event.second > 1 else ""
    return f"refused at {_counter(event, legend)}{times}"


def _privilege(event: Event, legend: Legend) -> str:
    return f"privilege at {_counter(event, legend)}"


def _grade(event: Event, legend: Legend) -> str:
    instrument = legend.arms[event.arm].instruments[event.first]
    return f"grade {instrument.grades[event.second]} ({instrument.rulebook})"


def _score(event: Event, legend: Legend) -> str:
    return f"score {event.second} ({legend.arms[event.arm].instruments[event.first].rulebook})"


def _title(legend: Legend, act: int) -> str:
    return legend.acts[act].title


def _list(event: Event, legend: Legend) -> str:
    # `rulebook/list`: the list's own name is enough inside a column.
    return f"the list {legend.arms[event.arm].lists[event.first].rpartition('/')[2]}"


def _counter(event: Event, legend: Legend) -> str:
    return legend.counters[event.first].replace("_", " ")


_TELL: Mapping[str, Callable[[Event, Legend], str]] = {
    "act": _act,
    "entry": _entry,
    "score": _score,
    "grade": _grade,
    "ground dropped": _dropped,
    "listed": _listed,
    "learned": _learned,
    "contested": _contested,
    "performed": _performed,
    "refused": _refused,
    "privilege": _privilege,
    "left": _left,
    "joined": lambda *_: "consents to the scheme",
    "left the scheme": lambda *_: "leaves the scheme",
    "gone": lambda *_: "goes away for good",
}
ORDER = tuple(_TELL)
"""What may happen to a person, in the order in which a day tells it."""
