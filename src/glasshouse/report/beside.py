"""Two policy arms side by side: which counts differ, and by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.state.counts import COUNTS

if TYPE_CHECKING:
    from glasshouse.report.tally import Facts

MOST = 12
"""Counts that are told, those that differ most first."""


def differing(facts: Facts, one: int, other: int) -> list[tuple[str, int, int]]:
    """The counts over the whole run that differ between two arms: meaning, and both totals.

    The largest change relative to the larger total comes first; a count that differs only inside
    (by type, by province) and not in all is left out.
    """
    found = []
    for count in COUNTS:
        before, after = (int(facts.sums[count.name][arm].sum()) for arm in (one, other))
        if before != after:
            found.append((count.meaning, before, after))
    return sorted(found, key=lambda row: -abs(row[2] - row[1]) / max(row[1], row[2]))


def beside_sentences(facts: Facts) -> list[str]:
    """What differs between the policy arms, where there are exactly two of them."""
    arms = facts.experiment.arms
    policies = [place for place, arm in enumerate(arms) if not arm.is_baseline]
    if len(policies) != 2:
        return []
    one, other = policies
    found = differing(facts, one, other)
    if not found:
        return [f"No count differs in total between {arms[one].name} and {arms[other].name}."]
    said = [f"{meaning}: {before:,} and {after:,}" for meaning, before, after in found[:MOST]]
    more = f" and {len(found) - MOST} counts more" if len(found) > MOST else ""
    names = f"{arms[one].name} and {arms[other].name}"
    return [f"Over the whole run, {names}, the largest changes first:", *said[:-1], said[-1] + more]
