"""What of an arm's law changes on a day: rulebooks that give way to others, provisions off and on.

The same is said by a scenario (`until` of a rulebook, `suspended` provisions) and by ``--set`` with
a day behind the path, as in ``arms.scored.rulebook@2020-07=none``. Nothing else than law can have a
day, because the acts of all arms are drawn under assumptions that hold from the first day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from glasshouse.errors import BadUsage
from glasshouse.law.consistency import counted, reaches
from glasshouse.law.rulebook import Grade, Rulebook
from glasshouse.law.without import grades_of

if TYPE_CHECKING:
    from glasshouse.law.experiment import RulebookInForce
    from glasshouse.law.rulebook import AnyProvision
    from glasshouse.law.without import Flaw

MARK = "@"
"""Between a path and the day from which its value holds."""

NONE = "none"
"""In the place of a rulebook: from that day on the arm has none."""

AND = "+"
"""Between the names of several rulebooks."""

Period = tuple[dt.date, dt.date]
"""The first day, and the first day no longer."""

ALWAYS: Period = (dt.date.min, dt.date.max)


def day_of(text: str) -> dt.date:
    """Give the day that a text means, a month its first; raises ValueError where it means none."""
    return dt.date.fromisoformat(f"{text}-01" if len(text) == len("YYYY-MM") else text)


def days_meant(days: Iterable[str | dt.date]) -> list[dt.date]:
    """Give days that are told as texts or are days already, or say which is none."""
    found = []
    for day in days:
        try:
            found.append(day_of(day) if isinstance(day, str) else day)
        except ValueError:
            raise BadUsage(f"`{str(day)[:40]}` is no day; write YYYY-MM or YYYY-MM-DD") from None
    return found


def taken_apart(path: str) -> tuple[str, dt.date | None]:
    """Give a path without its day, and the day; raises ValueError where what is behind is none."""
    stem, mark, text = path.partition(MARK)
    return (stem, day_of(text)) if mark else (path, None)


def path_on(path: str, day: dt.date) -> str:
    """Give the path of a value that holds from a day on; the first of a month is named by it."""
    text = day.isoformat()
    return f"{path}{MARK}{text[:7] if day.day == 1 else text}"


def overlaid(sets: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
    """Give values with others over them; a path means the same in either spelling of its day."""
    meant = {taken_apart(path) for path in others}
    return {path: text for path, text in sets.items() if taken_apart(path) not in meant} | dict(
        others
    )


def replaced_on(
    uses: Sequence[RulebookInForce], day: dt.date, now: Iterable[RulebookInForce]
) -> tuple[RulebookInForce, ...]:
    """Give the rulebooks of an arm that has those of ``now`` and no others from a day on.

    A rulebook that holds everywhere before and after is not interrupted.
    """
    coming = {use.rulebook.rulebook: use for use in now}
    found: list[RulebookInForce] = []
    for use in uses:
        begins = use.from_date or dt.date.min
        ends = use.until_date or dt.date.max
        stays = use.where is None and begins < day and ends > day
        if stays and use.rulebook.rulebook in coming:
            del coming[use.rulebook.rulebook]
            found.append(replace(use, until_date=None))
        elif begins < day:
            found.append(replace(use, until_date=min(ends, day)))
    return (*found, *coming.values())


def periods_of(
    switches: Mapping[dt.date, bool], suspended: Iterable[Period], *, is_on: bool
) -> tuple[Period, ...]:
    """Give the periods in which a provision stands, by its switch and the days it is suspended."""
    found: list[Period] = []
    begins = dt.date.min
    for day, will_be in sorted(switches.items()):
        if is_on and not will_be:
            found.append((begins, day))
        if is_on != will_be:
            is_on, begins = will_be, day
    if is_on:
        found.append((begins, dt.date.max))
    for first, last in suspended:
        found = [
            piece
            for begin, end in found
            for piece in ((begin, min(end, first)), (max(begin, last), end))
            if piece[0] < piece[1]
        ]
    return tuple(found)


def within(book: Rulebook, periods: Mapping[str, Sequence[Period]]) -> Rulebook:
    """Give a rulebook whose named provisions are in force in these periods only."""
    kept: list[AnyProvision] = []
    for provision in book.provisions:
        mine = periods.get(f"{book.rulebook}/{provision.id}", (ALWAYS,))
        kept += pieces_of(provision, mine)
    if kept == list(book.provisions):
        return book
    return book.model_copy(update={"provisions": tuple(kept)})


def pieces_of(provision: AnyProvision, periods: Iterable[Period]) -> list[AnyProvision]:
    """Give a provision as often as it is in force anew; the same one where nothing cuts it."""
    found = []
    for first, last in periods:
        begins = max(first, provision.from_date)
        ends = min(last, provision.until_date or dt.date.max)
        if begins >= ends:
            continue
        until = None if ends == dt.date.max else ends
        if (begins, until) == (provision.from_date, provision.until_date):
            found.append(provision)
        else:
            update = {"from_date": begins, "until_date": until}
            found.append(provision.model_copy(update=update))
    return found


def gaps_of(whole: Rulebook, cut: Rulebook) -> Iterator[Flaw]:
    """What is wrong with days on which a provision leans on a grade that is out of force then."""
    for other in cut.provisions:
        for grade in sorted(grades_of(other)):
            before, after = _of_grade(whole, grade), _of_grade(cut, grade)
            for day in sorted(
                {other.from_date, *(one.until_date or other.from_date for one in after)}
            ):
                there, here = (any(g.is_in_force(day) for g in some) for some in (before, after))
                if other.is_in_force(day) and there and not here:
                    what = (
                        f"`{other.id}` leans on the grade {grade}, which is out of force on {day}"
                    )
                    right = f"take out {whole.rulebook}/{other.id} for the same days"
                    yield f"{whole.rulebook}/{before[0].id}", what, right


def _of_grade(book: Rulebook, grade: str) -> list[Grade]:
    return [p for p in book.provisions if isinstance(p, Grade) and p.grade == grade]


def counted_again(
    uses: Sequence[RulebookInForce], begin: dt.date
) -> Iterator[tuple[str, dt.date, str]]:
    """Give the provisions that come into force again and reach back to what counted in the run.

    Each as ``rulebook/provision``, with the day, and the provision that counted it before.
    """
    for use, provision in _pieces(uses):
        comes, _ = use.period_of(provision)
        for _, acts, days in reaches(provision):
            for other, earlier in _pieces(uses):
                since, until = other.period_of(earlier)
                is_same = other.rulebook.rulebook == use.rulebook.rulebook and share_a_province(
                    use, other
                )
                is_before = since < comes and until > max(begin, comes - dt.timedelta(days))
                if is_same and is_before and acts & counted(earlier, provision):
                    yield f"{use.rulebook.rulebook}/{provision.id}", comes, earlier.id


def _pieces(uses: Sequence[RulebookInForce]) -> Iterator[tuple[RulebookInForce, AnyProvision]]:
    for use in uses:
        for provision in use.rulebook.provisions:
            begins, ends = use.period_of(provision)
            if begins < ends:
                yield use, provision


def share_a_province(one: RulebookInForce, other: RulebookInForce) -> bool:
    """Say whether two rulebooks of an arm have a province in common."""
    return one.where is None or other.where is None or bool(set(one.where) & set(other.where))
