"""Takes provisions out of an arm's rulebooks, so that one mechanism can be looked at by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.errors import nearest
from glasshouse.law.consistency import named_grades
from glasshouse.law.rulebook import Grade, Rulebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from glasshouse.law.rulebook import AnyProvision

Flaw = tuple[str, str, str]
"""Which ``rulebook/provision``, what is wrong, what would be right."""


def names_of_provisions(books: Iterable[Rulebook]) -> frozenset[str]:
    """Every provision of these rulebooks as ``rulebook/provision``."""
    return frozenset(f"{book.rulebook}/{p.id}" for book in books for p in book.provisions)


def flaws_of(
    named: Iterable[str], gone: Iterable[str], books: Iterable[Rulebook]
) -> Iterator[Flaw]:
    """What is wrong with taking ``gone`` out: names not there, provisions that others lean on."""
    books, gone = tuple(books), frozenset(gone)
    there = names_of_provisions(books)
    for name in named:
        if name not in there:
            what = f"no provision `{name[:120]}` in the arm"
            yield name, what, nearest(name, there) or "rulebook/provision"
    for book in books:
        yield from _leant_on(book, gone)


def _leant_on(book: Rulebook, taken: frozenset[str]) -> Iterator[Flaw]:
    gone = [p for p in book.provisions if f"{book.rulebook}/{p.id}" in taken]
    kept = [p for p in book.provisions if f"{book.rulebook}/{p.id}" not in taken]
    grades = {p.grade for p in kept if isinstance(p, Grade)}
    for provision in gone:
        if isinstance(provision, Grade) and provision.grade not in grades:
            for other in kept:
                if provision.grade in grades_of(other):
                    what = f"`{other.id}` leans on the grade {provision.grade}"
                    right = f"take out {book.rulebook}/{other.id} as well"
                    yield f"{book.rulebook}/{provision.id}", what, right


def grades_of(provision: AnyProvision) -> frozenset[str]:
    """The grades that a provision of another kind names."""
    return frozenset(grade for _, grade in named_grades(provision))


def without(book: Rulebook, named: Iterable[str]) -> Rulebook:
    """The rulebook less the provisions that are named as ``rulebook/provision``, of all dates."""
    gone = frozenset(named)
    kept = tuple(p for p in book.provisions if f"{book.rulebook}/{p.id}" not in gone)
    if len(kept) == len(book.provisions):
        return book
    return book.model_copy(update={"provisions": kept})
