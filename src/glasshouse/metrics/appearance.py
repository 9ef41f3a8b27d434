"""Appearance: what a score says of people, what is done for it, what is said of it aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from glasshouse.metrics.estimate import ANY, SHARE, Estimate, NotKnown, ratio, unknown
from glasshouse.metrics.goodhart import (
    BEST,
    goodhart_gap,
    goodhart_ratio,
    goodhart_terms,
    reliability,
)
from glasshouse.metrics.metric import BY_REGION, Metric, metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glasshouse.metrics.observed import Observed

OWN = "The formula is the lab's own."
FLATTERY = ("image-versus-information", "what visible conduct says of what is behind it")
CONCEALED = ("concealed-opposition-2023", "declared above 90, 50 to 70 by list experiments")
APPROVAL = ("approval-survey-2018", "about 80 per cent of some 2,200 asked online")


class Anchor(NamedTuple):
    """A published figure that stands beside a number of a run and never tests it."""

    what: str
    figure: str
    source: str


ANCHORS: tuple[Anchor, ...] = (
    Anchor("approval, online, some 2,200 asked in 2018", "80 per cent", "approval-survey-2018"),
    Anchor("approval of students", "41 to 57 per cent", "young-chinese-social-credit"),
    Anchor(
        "students who want one aggregated score, before and after pros and cons were laid out",
        "53 and 29 per cent",
        "young-chinese-social-credit",
    ),
    Anchor(
        "support on a scale to ten, and its fall once the repressive potential is shown",
        "7.5, by 12 per cent",
        "information-control-2022",
    ),
    Anchor(
        "support by list experiment, of another matter, against what is declared",
        "50 to 70 per cent, above 90",
        "concealed-opposition-2023",
    ),
    Anchor(
        "who supports surveillance more: members of the ruling party or others",
        "others",
        "who-supports-surveillance",
    ),
    Anchor(
        "who approves more",
        "the advantaged, the older, people in towns",
        "public-approval-2019",
    ),
    Anchor("residents of pilot areas who knew", "11 per cent", "citizen-social-credit-trivium"),
)
"""What surveys found. The model puts some of them in as assumptions, so none of them tests it."""


@metric(
    "F5",
    "Goodhart gap",
    "behaviour",
    unit="standard deviations; shares",
    harm="more is worse",
    definition=f"""How far the score of the best {BEST:.0%} flatters them, by score. The truth is
    what the same person does unscored: praised acts less culpable acts in the twin. `gap` is the
    score's gain of the chosen over all, on the scale on which one more of truth is one more of
    score, less the truth's gain, in standard deviations of the truth; `share of the gain` is the
    gap over the score's gain; `reliability` is r², the slope 1 / (1 + s²) of truth on score for
    truth plus noise. For that case the gap is lambda s² / sqrt(1 + s²). The truth is itself a count
    with its own luck, the same as in the arm.""",
    cite=(FLATTERY,),
)
def goodhart(seen: Observed) -> dict[str, Estimate]:
    """Gap, its share of the gain, and reliability, of each score of persons."""
    books = [one.rulebook for one in seen.names.instruments if one.applies_to == "person"]
    if not books:
        raise NotKnown("the arm has no score of persons")
    truth = seen.twin_row("acts_praised") - seen.twin_row("acts_culpable")
    found = {}
    for book in books:
        score = seen.row(f"score_points_{book}")
        scored = np.isfinite(score)
        some = seen.where(scored)
        terms = goodhart_terms(score[scored], truth[scored])
        why = "score and truth do not rise together, or nobody is scored"
        found[f"{book}: gap"] = some.estimate(goodhart_gap, *terms, undefined=why)
        found[f"{book}: share of the gain"] = some.estimate(
            goodhart_ratio, *terms, within=ANY, undefined=why
        )
        found[f"{book}: reliability"] = some.estimate(
            reliability, *terms, within=SHARE, undefined="nobody is scored, or all alike"
        )
    return found


@metric(
    "F6",
    "Gaming share",
    "behaviour",
    unit="share of the points gained",
    harm="more is worse",
    definition="""Points gained by entries of acts that are of no use to others (`worthless` in the
    culpability file) over all points gained by entries, over all scores together.""",
    cite=(("incentives-and-prosocial-2006", "rewards change what is done and why"),),
    status="assumed",
    splits=BY_REGION,
)
def gaming_share(seen: Observed) -> Estimate:
    """Points for worthless acts over points gained."""
    bought, gained = (
        _over_the_rest(seen.total(name)) for name in ("points_bought", "points_gained")
    )
    return seen.of_provinces(
        ratio, bought, gained, within=SHARE, undefined="no entry gained a point"
    )


@metric(
    "F6b",
    "Deadweight of gaming",
    "behaviour",
    unit="see the parts, a person and year",
    harm="more is worse",
    definition="""`acts of no use` are acts marked as worthless, more than in the twin; `paid yuan`
    is what people paid, beyond the twin, for acts that earn points. What the time of an act is
    worth is not known, so no yuan are set on it. """
    + OWN,
    status="assumed",
    splits=BY_REGION,
)
def gaming_deadweight(seen: Observed) -> dict[str, Estimate]:
    """Worthless acts and payments beyond the twin."""
    places = [n for n, act in enumerate(seen.names.acts) if act.is_worthless]
    acts = (seen.total("acts") - seen.twin_total("acts"))[:, places].sum(axis=1)
    paid = _over_the_rest(seen.total("paid_yuan") - seen.twin_total("paid_yuan"))
    people = _over_the_rest(seen.last("persons")) * seen.names.years
    return {
        part: seen.of_provinces(ratio, more, people, within=ANY, undefined="nobody is there")
        for part, more in (("acts of no use", acts), ("paid yuan", paid))
    }


def _over_the_rest(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(counts.reshape(len(counts), -1).sum(axis=1), np.float64)


@metric(
    "F9",
    "Approval, declared and held",
    "behaviour",
    unit="share of the asked",
    harm="neither",
    definition="""Of the adults asked in the last step whether they approve of the punishments:
    those who say so (`declared`), those who do (`held`), and `concealed`, the difference, as a list
    experiment would find it. Nobody is asked unless `response.approval_base` is set: the level is
    an assumption, only how it moves is a result.""",
    cite=(CONCEALED,),
    status="hypothetical",
    splits=BY_REGION,
)
def approval_share(seen: Observed) -> dict[str, Estimate]:
    """Declared and held approval, and what lies between."""
    asked, held, declared = (
        _over_the_rest(seen.last(name)) for name in ("asked", "approves", "approves_declared")
    )
    nobody = "nobody was asked (response.approval_base is 0)"
    return {
        "declared": seen.share_of_counts(declared, asked, nobody),
        "held": seen.share_of_counts(held, asked, nobody),
        "concealed": seen.of_provinces(
            ratio, declared - held, asked, within=SHARE, undefined=nobody
        ),
    }


@metric(
    "F11",
    "Approval beside the surveys",
    "behaviour",
    unit="share of the asked",
    harm="neither",
    definition="""Declared approval in the first and in the last step with an answer, to be read
    beside what surveys found and never tested by it, since some of it was put in: """
    + "; ".join(f"{one.what}: {one.figure}" for one in ANCHORS)
    + ".",
    cite=(
        APPROVAL,
        ("young-chinese-social-credit", "approval of students, before and after"),
        ("information-control-2022", "support and its fall"),
        CONCEALED,
        ("who-supports-surveillance", "members support it less (unverified)"),
        ("public-approval-2019", "who approves more"),
        ("citizen-social-credit-trivium", "11 per cent knew"),
    ),
    status="hypothetical",
    splits=BY_REGION,
)
def approval_beside_surveys(seen: Observed) -> dict[str, Estimate]:
    """Declared approval at the beginning and at the end."""
    asked, declared = (seen.steps_of(name) for name in ("asked", "approves_declared"))
    answers = np.flatnonzero(asked.reshape(len(asked), -1).sum(axis=1))
    if not answers.size:
        why = "nobody was asked (response.approval_base is 0)"
        return {"first": unknown(why), "last": unknown(why)}
    return {
        part: seen.share_of_counts(
            _over_the_rest(declared[step]), _over_the_rest(asked[step]), "nobody was asked"
        )
        for part, step in (("first", answers[0]), ("last", answers[-1]))
    }


METRICS: tuple[Metric, ...] = (
    goodhart,
    gaming_share,
    gaming_deadweight,
    approval_share,
    approval_beside_surveys,
)
