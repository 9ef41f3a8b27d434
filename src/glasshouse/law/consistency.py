"""Checks across the provisions of one rulebook: dates, scale, grades, ways onto and off lists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glasshouse.errors import Problem, nearest
from glasshouse.law.rulebook import (
    AnyProvision,
    Association,
    Campaign,
    Exemption,
    FileAccess,
    Grade,
    Listing,
    Points,
    Privilege,
    Retention,
    Scale,
    Target,
    Visibility,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from glasshouse.law.load import Document, KeyPath


@dataclass(frozen=True)
class Placed:
    """A provision and where it is written."""

    provision: AnyProvision
    document: Document
    path: KeyPath

    def problem(self, inner: KeyPath, what: str, right: str = "") -> Problem:
        """A problem somewhere inside this provision."""
        return self.document.problem((*self.path, *inner), what, right)


def consistency_problems(placed: Sequence[Placed], *, whole: bool = True) -> list[Problem]:
    """Everything that is wrong between provisions; grades and scale only of a whole rulebook."""
    problems = [*_overlaps(placed), *_lists(placed), *_reaching_back(placed)]
    if whole:
        problems += [*_unknown_grades(placed), *_about_all(placed), *_outside_scale(placed)]
    return problems


def _single_valued_keys(provision: AnyProvision) -> Iterator[tuple[str, ...]]:
    """What may be in force only once on any day, with the words for a message."""
    yield "the id", provision.id
    if isinstance(provision, Scale | Retention | Visibility | FileAccess | Exemption | Target):
        yield (f"a {provision.rule}",)
    match provision:
        case Grade():
            yield "the grade", provision.grade
        case Listing():
            yield "the list", provision.list_id
        case Association():
            yield "an association by", provision.ties
        case Points():
            for act in provision.acts:
                yield "points for the act", act
        case Campaign():
            for act in provision.acts:
                yield "a campaign on the act", act
        case Privilege():
            for counter in provision.counters:
                yield "a privilege of grade", provision.grade, "at", counter, "by", provision.by


def _overlaps(placed: Sequence[Placed]) -> Iterator[Problem]:
    by_key: dict[tuple[str, ...], list[Placed]] = defaultdict(list)
    for item in placed:
        for key in _single_valued_keys(item.provision):
            by_key[key].append(item)
    for key, items in by_key.items():
        items.sort(key=lambda item: item.provision.from_date)
        current = items[0]
        for item in items[1:]:
            end = current.provision.until_date
            if end is None or item.provision.from_date < end:
                line, _ = current.document.place(current.path)
                what = f"overlaps in time with `{current.provision.id}`: both set {' '.join(key)}"
                right = f"the other is in {current.document.file}:{line}; give one an `until`"
                yield item.problem(("from",), what, right)
            if end is not None and _ends_later(item, current):
                current = item


def _ends_later(one: Placed, other: Placed) -> bool:
    first, second = one.provision.until_date, other.provision.until_date
    return second is not None and (first is None or first > second)


def _lists(placed: Sequence[Placed]) -> Iterator[Problem]:
    for item in placed:
        provision = item.provision
        if not isinstance(provision, Listing):
            continue
        if not provision.grounds:
            yield item.problem(("grounds",), "the list has no way in", "give it a ground")
        if not provision.has_way_out:
            right = (
                "days, performance: {deletes: true}, a contest, expires,"
                " or grade_recovers with a grade ground"
            )
            yield item.problem(("term",), "the list has no way out", right)
        seen: set[str] = set()
        for index, ground in enumerate(provision.grounds):
            if ground.id in seen:
                yield item.problem(("grounds", index, "id"), f"a second ground `{ground.id}`")
            seen.add(ground.id)


def _reaching_back(placed: Sequence[Placed]) -> Iterator[Problem]:
    """A rule that reaches back to acts that an earlier one counted would count them twice."""
    for item in placed:
        for path, acts, _ in reaches(item.provision):
            for other in placed:
                is_earlier = other.provision.from_date < item.provision.from_date
                twice = acts & counted(other.provision, item.provision)
                if is_earlier and twice:
                    what = f"`{min(twice)}` already counts under `{other.provision.id}`"
                    yield item.problem((*path, "reaches_back_days"), what, "acts not yet named")


def reaches(provision: AnyProvision) -> Iterator[tuple[KeyPath, set[str], int]]:
    """The acts to which a provision reaches back, where it says so, and how many days."""
    if isinstance(provision, Points) and provision.reaches_back_days is not None:
        yield (), set(provision.acts), provision.reaches_back_days
    elif isinstance(provision, Listing):
        for index, ground in enumerate(provision.grounds):
            if ground.reaches_back_days is not None:
                yield ("grounds", index), set(ground.acts or ()), ground.reaches_back_days


def counted(other: AnyProvision, provision: AnyProvision) -> set[str]:
    """The acts that another provision counts for the same score, or the same list."""
    if isinstance(other, Points) and isinstance(provision, Points):
        return set(other.acts)
    if not (isinstance(other, Listing) and isinstance(provision, Listing)):
        return set()
    same = other.list_id == provision.list_id
    return {act for ground in other.grounds for act in ground.acts or ()} if same else set()


def named_grades(provision: AnyProvision) -> Iterator[tuple[KeyPath, str]]:
    """The grades that a provision of another kind leans on, and where it names them."""
    match provision:
        case Privilege():
            yield ("grade",), provision.grade
        case Points(overrides_grade=override) if override is not None:
            yield ("overrides_grade", "grade"), override.grade
        case Listing():
            for index, ground in enumerate(provision.grounds):
                if ground.grade_at_most is not None:
                    yield ("grounds", index, "grade_at_most"), ground.grade_at_most
                if ground.grade_at_least is not None:
                    yield ("grounds", index, "grade_at_least"), ground.grade_at_least
        case _:
            pass


def _unknown_grades(placed: Sequence[Placed]) -> Iterator[Problem]:
    grades = {p.provision.grade for p in placed if isinstance(p.provision, Grade)}
    for item in placed:
        for path, grade in named_grades(item.provision):
            if grade not in grades:
                yield item.problem(path, f"unknown grade `{grade}`", nearest(grade, grades))


def top_grade(placed: Sequence[Placed]) -> str | None:
    """The highest grade: the rarest by share, or else the one that takes the most points."""
    grades = [item.provision for item in placed if isinstance(item.provision, Grade)]
    by_share = [grade for grade in grades if grade.quantile is not None]
    if by_share:
        return min(by_share, key=lambda grade: grade.quantile or 0.0).grade
    return max(grades, key=lambda grade: grade.at_least or 0).grade if grades else None


def _about_all(placed: Sequence[Placed]) -> Iterator[Problem]:
    """What the top grade makes empty: a list of everybody, an override that holds nobody down."""
    top = top_grade(placed)
    for item in placed:
        for path, grade in named_grades(item.provision):
            if grade != top:
                continue
            if path[-1] == "grade_at_most":
                what = f"`{grade}` is the top grade, so the list would hold everybody"
                yield item.problem(path, what, "a lower grade")
            elif path[0] == "overrides_grade":
                what = f"`{grade}` is the top grade, so the override would do nothing"
                yield item.problem(path, what, "a lower grade")


def _outside_scale(placed: Sequence[Placed]) -> Iterator[Problem]:
    scales = [p.provision for p in placed if isinstance(p.provision, Scale)]
    for item in placed:
        provision = item.provision
        if isinstance(provision, Scale):
            low, high = provision.bounds
            if not low <= provision.start <= high:
                what = f"the start {provision.start} is outside the scale"
                yield item.problem(("start",), what, f"between {low} and {high}")
        elif isinstance(provision, Points | Grade):
            scale = next((s for s in scales if s.is_in_force(provision.from_date)), None)
            if scale is None:
                what = f"no scale is in force on {provision.from_date}"
                yield item.problem(("from",), what, "add a provision with rule: scale")
            else:
                yield from _outside(item, scale)


def _outside(item: Placed, scale: Scale) -> Iterator[Problem]:
    low, high = scale.bounds
    provision = item.provision
    if isinstance(provision, Grade):
        needed = provision.at_least
        if needed is not None and not low <= needed <= high:
            what = f"{needed} points are outside the scale `{scale.id}`"
            yield item.problem(("at_least",), what, f"between {low} and {high}")
    elif isinstance(provision, Points):
        width, most = high - low, max(map(abs, provision.extremes))
        if most > width:
            kinds = ("points", "range", "slope")
            name = next(kind for kind in kinds if getattr(provision, kind) is not None)
            what = f"up to {most} points at once are outside the scale `{scale.id}`"
            yield item.problem((name,), what, f"it is {width} wide: {low} to {high}")
