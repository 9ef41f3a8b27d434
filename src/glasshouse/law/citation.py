"""Where a statement comes from, how well it is established, and how else it may be read."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from glasshouse.law.validate import Strict, refusal

Text = Annotated[str, Field(min_length=1, max_length=4000)]
Name = Annotated[str, Field(min_length=1, max_length=40)]
"""A grade or a province code: short text of any letters."""

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]

Evidence = Literal["documented", "reported", "contested", "fiction", "hypothesis"]


class Cite(Strict):
    """A place in a source: the source's key, and where in it."""

    source: Text
    at: Text


class Reading(Strict):
    """How an open text was read here, and the rival readings that were not followed."""

    text: Text
    rivals: tuple[Text, ...] = ()


def _as_text(value: Any) -> Any:
    # A year or a day is written without quotes everywhere; here it is only ever printed.
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number or isinstance(value, dt.date) else value


class Source(Strict):
    """A work that is cited, described well enough to be found without us."""

    title: Text
    by: Text
    kind: Literal["law", "official", "press", "research", "statistics", "company"]
    date: Annotated[str | None, BeforeValidator(_as_text)] = None
    language: Text
    address: str | None = None
    why: Text


def first_day(value: Any) -> Any:
    """A day, or a month (YYYY-MM) meant as its first day."""
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(f"{value}-01")
        except ValueError:
            what = f"the text `{value[:40]}` where a date belongs"
            raise refusal(what, "YYYY-MM-DD or YYYY-MM") from None
    return value


Day = Annotated[dt.date, BeforeValidator(first_day)]
