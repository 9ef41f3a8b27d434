"""What a report does not say, and what stands against reading more into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.report.words import listing, of, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from glasshouse.report.document.assumed import Assumed
    from glasshouse.report.document.gathered import Group
    from glasshouse.report.document.numbers import Key, Number

FEW_COMMUNITIES = 8
MANY_ROWS = 1.05


NOBODY = (
    "Nobody in it is real. People are drawn from published tables and a seed; no row stands for "
    "anybody."
)
COMPARISONS = (
    "These are comparisons under stated assumptions, not forecasts, and not a description of any "
    "place."
)
OPEN = "No interval here holds what that leaves open; a sweep or a study does."
NO_SCORE = "Harms are not added up: there is no score of harm, and none could be defended."


def limits_of(group: Group, numbers: Mapping[Key, Number], assumed: Assumed) -> list[str]:
    """Say what a reader must not take from these runs."""
    said = group.said
    stands = group.experiment.society.persons / said.people
    sentences = [
        NOBODY,
        COMPARISONS,
        f"Of {assumed.size:,} assumptions {assumed.guesses:,} are guesses with a range. {OPEN}",
    ]
    if stands >= MANY_ROWS:
        sentences.append(
            f"One row stands for {rounded(stands, 3)} persons of the published tables. What is "
            "rarer than that does not happen here."
        )
    sentences += _of_size(group)
    if not any(arm.is_baseline for arm in said.arms):
        sentences.append("No arm is a baseline, so nothing says what the rules changed.")
    unknown = sum(not number.is_known for number in numbers.values())
    if unknown:
        sentences.append(
            f"{of(unknown, 'number')} of the tables could not be told and stand as unknown, with "
            "the reason; none is set to zero."
        )
    if said.left_out.tables:
        sentences.append(
            f"The run kept no {listing(list(said.left_out.tables))}; what needs them is unknown."
        )
    return [*sentences, NO_SCORE]


def _of_size(group: Group) -> Sequence[str]:
    said = group.said
    many = of(said.communities, "community", "communities")
    if len(group.seeds) > 1:
        return ()
    moves = "another seed may move every number"
    if said.communities < FEW_COMMUNITIES:
        return (
            f"One run of {many}: its intervals are rough, and {moves}. Run more people or seeds.",
        )
    return (f"One run of {many}: {moves} by more than its interval. Several seeds tell how much.",)
