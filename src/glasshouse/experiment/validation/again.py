"""Two standard errors, and a true claim that is hardly ever refused.

One comparison in twenty-two lies beyond two standard errors by chance alone, so that a row with a
dozen comparisons would be refused every other time. A comparison that lies beyond is therefore
made again, with new luck and twice the replicates, up to five times; it fails if it fails each
time. With a true claim that is one in five million comparisons. A false claim gains nothing: with
each look the standard error is smaller and a wrong formula further off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from glasshouse.experiment.validation.comparison import Comparison

LOOKS = 5
WITHIN = 2.0
"""Standard errors."""

Take = Callable[[int, int], Sequence[Comparison]]
"""(look, how many times the replicates) to comparisons, the same ones in the same order."""


def looked_at_again(take: Take) -> Iterator[Comparison]:
    """Give each comparison as it came out at its first look within two standard errors.

    One that never did is given as it came out at the last, and one without chance as at the first.
    Every look takes all of them, so that no comparison depends on what became of another.
    """
    settled: dict[int, Comparison] = {}
    for look in range(LOOKS):
        taken = take(look, 2**look)
        for place, one in enumerate(taken):
            done = is_close(one) or one.error == 0 or look == LOOKS - 1
            if place not in settled and done:
                at = f"look {look + 1} of at most {LOOKS}" if look else ""
                words = "; ".join(part for part in (one.words, at) if part)
                settled[place] = one._replace(words=words)
        if len(settled) == len(taken):
            break
    yield from (settled[place] for place in sorted(settled))


def is_close(one: Comparison) -> bool:
    """Say whether a comparison holds within two of its standard errors."""
    gap, reach = one.value - one.expected, WITHIN * one.error + one.slack
    if one.relation == "above":
        return gap > reach
    if one.relation == "below":
        return gap < -reach
    return abs(gap) <= reach
