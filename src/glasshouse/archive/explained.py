"""What the columns of a run's tables mean: one sentence each, for the page that documents them.

A name in braces stands for several columns, one for each of what it names.
"""

from __future__ import annotations

from typing import NamedTuple

from glasshouse.archive.outcomes import LEVELS
from glasshouse.state.columns import OUTCOME, STATE
from glasshouse.state.counts import COUNTS

BRACES = {
    "label": "rightly, not_theirs, could_not, lawful: what stands behind an entry or a listing",
    "reason": "overturned, performed, expired, grade_recovered: why a listing ended",
    "domain": "administrative, commercial, social, law_enforcement",
    "context": "the contexts of the counters, in the order of the assumption file",
    "rulebook": "the rulebooks with a score, each by its name",
}
"""What a name in braces stands for."""


class Explained(NamedTuple):
    """One column of a table, or several that differ by the name in braces."""

    name: str
    unit: str
    meaning: str


STEP = (
    Explained("step", "number", "the step, from 0"),
    Explained("first_day", "date", "its first day"),
    Explained("end_day", "date", "the first day after it"),
)

PERSON = (
    Explained("person", "address", "who: community x size of a community + slot"),
    Explained("community", "number", "the community, from 0"),
    Explained("slot", "number", "the place in the community, from 0"),
    Explained("arm", "name", "the arm"),
    Explained("province", "code", "the province"),
    Explained("urban", "true or false", "whether the community is a town's"),
    Explained("kind", "word", "person, enterprise, court or government"),
    Explained("sex", "word", "male or female; none for a body"),
    Explained("age_years", "years", "age at the start; none for a body"),
    Explained("online", "true or false", "whether the person is online"),
    Explained("driver", "true or false", "whether the person drives"),
    Explained("employed", "true or false", "whether the person is employed"),
    Explained("borrower", "true or false", "whether the person borrows"),
    Explained("official", "true or false", "whether the person holds an office that may exempt"),
)

MONTHS = (
    *STEP,
    Explained("arm", "name", "the arm"),
    *(
        Explained(name, unit, meaning)
        for name, unit, meaning in (
            ("persons", "rows", "persons, enterprises, courts and governments"),
            ("listed_persons", "rows", "on a list at the end of the step, or decided to be, later"),
            ("entries", "entries", "written down in the step"),
            ("entries_{label}", "entries", "of them, by what stands behind them"),
            ("entries_lost", "entries", "that a department lost"),
            ("listings_begun", "listings", "that begin in the step or later, decided in the step"),
            ("listings_begun_{label}", "listings", "of them, by what stands behind them"),
            ("listings_open", "listings", "in force at the end of the step"),
            ("listings_open_{label}", "listings", "of them, by what stands behind them"),
            ("listings_ended", "listings", "that ended in the step"),
            ("listings_{reason}", "listings", "of them, by why"),
            ("listed_days", "days", "spent on lists"),
            ("listed_days_{label}", "days", "of them, by what stands behind the listing"),
            ("silent_days", "days", "spent on a list before the person knew"),
            ("known_by_notice", "listings", "first known from a notice"),
            ("known_by_refusal", "listings", "first known at a counter"),
            ("window_closed", "listings", "first known when it was too late to contest"),
            ("contests", "contests", "filed"),
            ("contests_won", "listings", "that ended because a contest was won"),
            ("performances", "offers", "to do what was owed, by listed people"),
            ("performances_refused", "offers", "of them, refused as insincere"),
            ("performances_lost", "offers", "of them, lost on the way"),
            ("found_unable", "grounds", "dropped because the person was found unable to pay"),
            ("not_followed_up", "grounds", "that no office followed up"),
            ("gone_viral", "entries", "that drew a listing by public outrage"),
            ("exposed_days", "days", "spent on published lists"),
            ("honoured", "listings", "on red lists, which give; in no other column of listings"),
            ("enrolled", "rows", "that have consented, or were not asked, and have not left"),
            ("joined", "rows", "that consented after they were first asked"),
            ("opted_out", "rows", "that left a scheme that may be left"),
            ("graded_apart", "persons", "whom rival scores with the same grades grade differently"),
            ("attempts", "attempts", "first tries at a counter that refuses"),
            ("refusals", "refusals", "repeated tries included"),
            ("refused_people", "persons", "refused at least once in the step"),
            ("privileges", "times", "a grade opened something at a counter"),
            ("burden_yuan", "yuan", "burden of the refusals, as the assumptions value it"),
            ("acts", "acts", "carried out"),
            ("acts_seen", "acts", "of them, seen by some channel"),
            ("acts_unseen", "acts", "of them, seen by none"),
            ("acts_{domain}", "acts", "of them, by domain"),
            ("acts_culpable", "acts", "of them, in the declared culpable set"),
            ("acts_culpable_ruled", "acts", "culpable acts that some arm's rules name"),
            ("acts_culpable_unruled", "acts", "culpable acts that no arm's rules name"),
            ("acts_lawful_sensitive", "acts", "lawful acts that fear silences"),
            ("acts_praised", "acts", "praised acts, which may be done for points"),
            ("aware_share", "share", "who know of the scheme"),
            ("mean_score_{rulebook}", "points", "mean score of those whom the rulebook scores"),
        )
    ),
    *(
        Explained(column.name, "share", f"mean over all rows at the end: {column.meaning}")
        for column in STATE
        if column.name in LEVELS and column.name != "aware"
    ),
)

_INNER = {"cause": "_{label}", "context": "_{context}"}

TOTALS = tuple(
    Explained(
        column.name + _INNER.get(column.axes[2], ""), column.unit, f"{column.meaning}; whole run"
    )
    for column in OUTCOME
)

AT_THE_END = (
    *(
        Explained(column.name, column.unit, f"{column.meaning}; at the end")
        for column in STATE
        if column.name in LEVELS
    ),
    Explained("gone", "true or false", "has left, and does nothing here any more; at the end"),
)

OUTCOMES = (
    *PERSON,
    *TOTALS,
    *AT_THE_END,
    Explained("score_points_{rulebook}", "points", "score at the end; none where not scored"),
    Explained("grade_{rulebook}", "name", "grade at the end; none where not scored"),
)

EFFECTS = (
    *PERSON,
    Explained("against", "name", "the arm that it is compared with: the baseline unless asked"),
    *(one._replace(meaning=f"difference: {one.meaning}") for one in (*TOTALS, *AT_THE_END)),
)

COUNTS_TABLE = (
    *STEP,
    Explained("arm", "name", "the arm"),
    Explained("province", "code", "the province"),
    Explained("count", "name", "what is counted: one of the counts below"),
    Explained("item", "name", "where the count has an axis: which act, list, counter, ..."),
    Explained("item_2", "name", "where it has a second axis: which label, grade, week, ..."),
    Explained("value", "number", "how many; a row is left out where it would be zero"),
)

TABLES: dict[str, tuple[str, tuple[Explained, ...]]] = {
    "months": ("One row a step and arm, over all provinces.", MONTHS),
    "outcomes": ("One row a person and arm: what the whole run did to them.", OUTCOMES),
    "effects": (
        "One row a person and policy arm: the outcome there less that in the baseline, exactly.",
        EFFECTS,
    ),
    "counts": ("Everything that was counted, one row an item.", COUNTS_TABLE),
}
"""By name: what a row is, and the columns."""

COUNTED = tuple(
    Explained(count.name, count.unit, count.meaning + axes)
    for count in COUNTS
    for axes in [f"; by {', then '.join(count.axes)}" if count.axes else ""]
)
"""What the table of counts counts."""
