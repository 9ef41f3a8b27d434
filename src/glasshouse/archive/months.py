"""The counts by step and arm as one wide row, in SQL over the long table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.archive.database import listed, named, quoted
from glasshouse.archive.legend import PRAISED

if TYPE_CHECKING:
    from glasshouse.archive.legend import ActName, Legend

DOMAINS = ("administrative", "commercial", "social", "law_enforcement")

PLAIN = {
    "persons": "persons",
    "listed_persons": "listed_persons",
    "entries_lost": "entries_lost",
    "refused_people": "refused_people",
    "burden_yuan": "burden_yuan",
    "silent_days": "silent_days",
    "known_by_notice": "known_by_notice",
    "known_by_refusal": "known_by_refusal",
    "window_closed": "window_closed",
    "performances": "performances",
    "performances_refused": "performances_refused",
    "performances_lost": "performances_lost",
    "found_unable": "found_unable",
    "not_followed_up": "not_followed_up",
    "gone_viral": "gone_viral",
    "enrolled": "enrolled",
    "joined": "joined",
    "opted_out": "opted_out",
    "graded_apart": "graded_apart",
}
"""Columns that are one count each."""

SUMMED = ("refusals", "attempts", "privileges", "exposed_days", "honoured")
"""Columns that are the sum of a count over its items."""

LEVELS = ("means", "caution", "silence", "gaming", "habit", "trust")


def months_query(legend: Legend, source: str) -> str:
    """Give the query for the wide table over the long one called ``source``."""
    columns = [_sum(count, name) for name, count in PLAIN.items()]
    columns += [_sum(count, count) for count in SUMMED]
    columns += [
        _sum("entries_by_label", "entries"),
        *(_sum("entries_by_label", f"entries_{x}", _item(x)) for x in legend.labels),
        _sum("listed", "listings_begun"),
        *(_sum("listed", f"listings_begun_{x}", _item_2(x)) for x in legend.labels),
        _sum("stock", "listings_open"),
        *(_sum("stock", f"listings_open_{x}", _item_2(x)) for x in legend.labels),
        _sum("left", "listings_ended"),
        *(_sum("left", f"listings_{x}", _item_2(x)) for x in legend.reasons[1:]),
        _sum("listed_days", "listed_days"),
        *(_sum("listed_days", f"listed_days_{x}", _item(x)) for x in legend.labels),
        _sum("contests", "contests"),
        _sum("overturned", "contests_won"),
        *_acts(legend.acts),
    ]
    columns += [
        f"{_total(f'{level}_sum')} / 65536.0 / {_total('persons')} AS {level}" for level in LEVELS
    ]
    columns.append(f"{_total('aware_persons')} / {_total('persons')} AS aware_share")
    books = {i.rulebook for arm in legend.arms for i in arm.instruments}
    columns += [
        f"{_total('score_sum', _item(book))} / nullif({_total('scored', _item(book))}, 0)"
        f" AS {named(f'mean_score_{book}')}"
        for book in sorted(books)
    ]
    arms = listed(arm.arm for arm in legend.arms)
    return (
        f"FROM (SELECT step, first_day, end_day, arm, {', '.join(columns)} FROM {source}"  # noqa: S608
        f" GROUP BY ALL) ORDER BY step, list_position({arms}, arm)"
    )


def _acts(acts: tuple[ActName, ...]) -> list[str]:
    """Acts by domain, by whether they were seen, by whether a rule names them, and by sort."""
    culpable = [act for act in acts if act.is_culpable]
    groups = {f"acts_{name}": [act for act in acts if act.domain == name] for name in DOMAINS}
    groups |= {
        "acts_culpable": culpable,
        "acts_culpable_ruled": [act for act in culpable if act.is_ruled],
        "acts_culpable_unruled": [act for act in culpable if not act.is_ruled],
        "acts_lawful_sensitive": [
            act for act in acts if act.response == "chilled" and not act.is_culpable
        ],
        "acts_praised": [act for act in acts if act.response in PRAISED],
    }
    seen = _total("acts_seen")
    return [
        _sum("acts", "acts"),
        f"CAST({seen} AS BIGINT) AS acts_seen",
        f"CAST({_total('acts')} - {seen} AS BIGINT) AS acts_unseen",
        *(
            _sum("acts", name, f"list_contains({listed(act.act for act in group)}, item)")
            for name, group in groups.items()
        ),
    ]


def _item(name: str) -> str:
    return f"item = {quoted(name)}"


def _item_2(name: str) -> str:
    return f"item_2 = {quoted(name)}"


def _total(count: str, also: str = "") -> str:
    where = f"count = {quoted(count)}" + (f" AND {also}" if also else "")
    return f"coalesce(sum(value) FILTER (WHERE {where}), 0)"


def _sum(count: str, name: str, also: str = "") -> str:
    return f"CAST({_total(count, also)} AS BIGINT) AS {named(name)}"
