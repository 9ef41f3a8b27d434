"""The registry of counts: what every step counts, by arm and province.

Counts are integers that only add up, so communities, shards and workers may be summed in any order.
"""

from __future__ import annotations

from typing import NamedTuple

from glasshouse.state.bits import LAST_DAYS, LATER_DAYS, SOON_DAYS

PATHS = (
    "own_rightly", "own_not_theirs", "own_could_not", "own_lawful", "another", "score",
    "stale_copy", "thin_file",
)  # fmt: skip
"""What a refusal stems from: a listing of one's own by its label, or the paths of state.bits."""

BESIDE_CONTEXTS = ("score", "no_ground")
"""Origins of a burden behind the contexts of acts: a score, or a listing that nothing grounds."""

LAGS_DAYS = (SOON_DAYS, LATER_DAYS, LAST_DAYS)
"""Days after the end of a listing on which its copies are looked at."""


class Count(NamedTuple):
    """One count: its name, its axes behind (arm, province), its unit, what it says."""

    name: str
    axes: tuple[str, ...]
    unit: str
    meaning: str


COUNTS: tuple[Count, ...] = (
    Count("acts", ("type",), "acts", "acts carried out"),
    Count("acts_seen", ("type",), "acts", "of them, acts that some channel saw"),
    Count(
        "entries",
        ("row",),
        "entries",
        "entries written down: acts, then false reports, then strays",
    ),
    Count("entries_by_label", ("label",), "entries", "entries by what stands behind them"),
    Count("face_probes", (), "acts", "acts seen by a channel that compares faces with a gallery"),
    Count("wrong_faces", (), "faces", "faces falsely taken for the one in view, over all probes"),
    Count("excused", (), "entries", "entries of acts of necessity that no rule marks"),
    Count("entries_lost", (), "entries", "entries that a department lost"),
    Count("entries_withheld", (), "entries", "entries that a furnisher kept to itself"),
    Count(
        "entries_left_behind", (), "entries", "entries of another place before the files are merged"
    ),
    Count("entries_unjoined", (), "entries", "entries of another place joined to nobody's file"),
    Count(
        "entries_misjoined",
        (),
        "entries",
        "entries of another place joined to another's file",
    ),
    Count("entries_mixed_up", (), "entries", "entries that a department wrote for somebody else"),
    Count("files_left_behind", (), "files", "files that did not follow a person who moved"),
    Count("strays", ("type",), "entries", "entries that went to people elsewhere"),
    Count("department_load", ("department",), "entries", "entries that reached a department"),
    Count("attempts", ("counter",), "attempts", "first attempts of people who are barred there"),
    Count("refusals", ("counter",), "refusals", "refusals, repeated tries included"),
    Count(
        "refusals_overdetermined",
        ("counter",),
        "refusals",
        "refusals where another bar would have refused all the same",
    ),
    Count("refused_people", (), "persons", "persons refused at least once in the step"),
    Count("refusals_by_stale_copies", (), "refusals", "of them, for a listing that had ended"),
    Count("copies_stale", (), "copies", "copies of ended listings that still refuse"),
    Count(
        "copies_told",
        ("lag",),
        "copies",
        "copies told of the end of a listing, if the run lasts so many days more",
    ),
    Count("copies_late", ("lag",), "copies", "of them, copies still wrong so many days later"),
    Count("entries_reached_back", (), "entries", "entries that count under a later rule"),
    Count("privileges", ("counter",), "count", "privileges granted"),
    Count("privileges_denied", ("counter",), "count", "privileges for which no place was left"),
    Count("places_jumped", ("counter",), "places", "places in a queue that went to the favoured"),
    Count("waits", ("counter",), "turns", "turns that others waited for them"),
    Count("let_through", ("counter",), "attempts", "tries that no provider looked up a list for"),
    Count("child_places_lost", ("counter",), "places", "a child's places refused to a parent"),
    Count("stranded", (), "times", "refusals on the way home"),
    Count("stranded_days", (), "days", "days away from home after them"),
    Count("fines_yuan", (), "yuan", "fines taken beside points"),
    Count("paid_yuan", (), "yuan", "paid for acts that earn points"),
    Count("burden_yuan", (), "yuan", "burden of the refusals"),
    Count(
        "burden_by_origin",
        ("origin", "context"),
        "yuan",
        "burden of the refusals, by the context of the act behind and that of the counter",
    ),
    Count("burden_by_path", ("path",), "yuan", "burden of the refusals, by what they stem from"),
    Count("listed", ("list", "label"), "listings", "listings that begin in the step or later"),
    Count("stock", ("list", "label"), "listings", "listings in force at the end of the step"),
    Count("left", ("list", "reason"), "listings", "listings that ended"),
    Count("spells_ended", ("label", "week"), "listings", "listings that ended, by weeks of length"),
    Count(
        "spells_open", ("label", "week"), "listings", "listings open at the end, by weeks so far"
    ),
    Count(
        "restored",
        ("label", "week"),
        "listings",
        "listings that ended and whose every copy is right, by weeks since they began",
    ),
    Count("listed_days", ("label",), "days", "days on lists"),
    Count("silent_days", (), "days", "days on a list before the person knew"),
    Count("known_by_notice", (), "listings", "listings first known from a notice"),
    Count("known_by_look", (), "listings", "listings first known from the own file"),
    Count("known_by_refusal", (), "listings", "listings first known at a counter"),
    Count(
        "known_after",
        ("week",),
        "listings",
        "listings first known in the step, by weeks since they began",
    ),
    Count("window_closed", ("label",), "listings", "listings known after the window for contest"),
    Count("contests", ("label",), "listings", "contests filed"),
    Count("overturned", ("label",), "listings", "contests won"),
    Count("performances", (), "count", "performances offered while listed"),
    Count("performances_refused", (), "count", "of them, refused as insincere"),
    Count("performances_lost", (), "count", "of them, lost on the way"),
    Count("reviewed", ("label",), "grounds", "grounds that an officer looked at before a listing"),
    Count("review_stopped", ("label",), "grounds", "of them, grounds that led to no listing"),
    Count("found_unable", (), "grounds", "grounds dropped because the person was found unable"),
    Count("not_followed_up", (), "grounds", "grounds that no office followed up"),
    Count("friends_lost", (), "ties", "friends who stay away from somebody in the lowest grade"),
    Count("friendless", (), "persons", "persons whom every friend has left for their grade"),
    Count("scores", ("instrument", "bin"), "persons", "persons by score"),
    Count("grades", ("instrument", "grade"), "persons", "persons by grade"),
    Count(
        "grade_moves",
        ("instrument", "move"),
        "moves",
        "grades that changed in the step, from one to another",
    ),
    Count(
        "graded_apart",
        (),
        "persons",
        "persons whom two scores with the same words for their grades put into different grades",
    ),
    Count("score_sum", ("instrument",), "points", "sum of scores"),
    Count("scored", ("instrument",), "persons", "persons who have a score"),
    Count("officials_spared", (), "entries", "entries dropped because the row holds exempt office"),
    Count("bribes", (), "count", "prices paid to officers for an entry dropped or points sold"),
    Count("bribes_found", (), "count", "of them, found out: the entry stands, the price is gone"),
    Count("points_revenue_yuan", (), "yuan", "what the state took for points it sells"),
    Count("producer_revenue_yuan", (), "yuan", "what producers took for goods that earn points"),
    Count("people_exposed", (), "rows", "whose file an outsider read"),
    Count("records_breached", (), "entries", "entries in the files that an outsider read"),
    Count("people_altered", (), "rows", "from whose scores an outsider took points"),
    Count("opponents_listed", (), "listings", "of the outspoken, without a ground"),
    Count("scandal_enterprises", (), "rows", "that paid for another enterprise's scandal"),
    Count("persons", (), "rows", "persons and bodies of the society"),
    Count(
        "listed_persons",
        (),
        "persons",
        "persons on a list, or whose listing was decided and begins later",
    ),
    Count("means_sum", (), "1/65536", "sum of means"),
    Count("caution_sum", (), "1/65536", "sum of caution"),
    Count("silence_sum", (), "1/65536", "sum of silence"),
    Count("gaming_sum", (), "1/65536", "sum of gaming"),
    Count("habit_sum", (), "1/65536", "sum of habit"),
    Count("trust_sum", (), "1/65536", "sum of trust"),
    Count(
        "exposed_days", ("display",), "days", "days on published lists, by what is shown of a name"
    ),
    Count("honoured", ("list",), "listings", "red listings that begin in the step or later"),
    Count("honoured_open", ("list",), "listings", "red listings in force at the end of the step"),
    Count("honoured_ended", ("list",), "listings", "red listings that ended"),
    Count("gone_viral", (), "entries", "entries that drew a listing by public outrage"),
    Count("crowded_sum", (), "1/65536", "sum of what points have crowded out"),
    Count("trust_lost_local", (), "1/65536", "trust lost, put down to officials on the spot"),
    Count("trust_lost_centre", (), "1/65536", "trust lost, put down to the centre"),
    Count("strangers_sum", (), "1/65536", "sum of trust in strangers"),
    Count("asked", (), "persons", "adults asked whether they approve of the punishments"),
    Count("approves", (), "persons", "of them, those who approve"),
    Count("approves_declared", (), "persons", "of them, those who say that they approve"),
    Count("gone", (), "persons", "persons who have left, at the end of the step"),
    Count("gone_means_sum", (), "1/65536", "sum of the means of those who have left"),
    Count("silent", ("instrument",), "persons", "scored persons who do not publish their score"),
    Count("silent_score_sum", ("instrument",), "points", "sum of the scores not published"),
    Count("disclosing", ("instrument",), "persons", "scored persons who publish their score"),
    Count("points_gained", ("instrument",), "points", "points gained by entries"),
    Count("points_bought", ("instrument",), "points", "of them, by acts of no use to others"),
    Count("aware_persons", (), "persons", "persons who know of the scheme"),
    Count("enrolled", (), "rows", "rows under the arm's schemes that have consented and not left"),
    Count("joined", (), "rows", "rows that consented after they were first asked"),
    Count("opted_out", (), "rows", "rows that left a scheme that may be left"),
)
