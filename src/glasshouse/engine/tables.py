"""The small integer tables that the sweep reads, and the frames that it works in.

Every table is a named tuple of arrays, so that the sweep reads as ``rule.points_low[place]`` on
every device. Tables of an arm have the arm as first axis and are flat behind it; the order behind
the arm is written beside each field. Chances are 32-bit thresholds, or 16-bit where said.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Annotated, Any, NamedTuple, TypeAlias, get_type_hints

from glasshouse.state.columns import (
    ENTRY_POOL,
    LISTING_POOL,
    OUTCOME,
    POOL_SIZES,
    STATE,
    STATIC,
)
from glasshouse.state.counts import COUNTS


class When(NamedTuple):
    """One step: its days and the calendar month that holds them (steps are cut at month ends)."""

    step: int
    month: int  # calendar month: year * 12 + month - 1
    age_month: int  # months since the first month of the run
    month_days: int
    month_first: int  # days are counted from the first day of the run
    first_day: int
    end_day: int
    year: int
    begins_year: int  # 1: the first step of a calendar year
    start_ordinal: int  # proleptic ordinal of day 0
    run_end_day: int  # the first day after the run


class Sizes(NamedTuple):
    """The extents that the tables share."""

    arms: int
    slots: int  # rows of a whole community
    types: int
    rows: int  # act types, above them false reports, above these strays from elsewhere
    instruments: int
    ring: int  # years of the ledger's ring
    lists: int
    counters: int
    contexts: int
    origins: int  # contexts of acts, then a score, then no ground
    grades: int  # the most grades of any instrument
    patches: int  # channels that are not everywhere
    provinces: int
    departments: int
    weeks: int  # bins of a listing's length
    bins: int  # bins of the score histogram
    acts: int  # candidate acts a community can hold in a month
    entries: int  # places of the pool of entries
    listings: int  # places of the pool of listings


class Conduct(NamedTuple):
    """What all arms share: who does what, how often.

    Of ``n`` types, the rows n .. 2n-1 are false reports and 2n .. 3n-1 strays from elsewhere.
    """

    count_cumulative: Any  # u4 [activity class, month length 28..31, COUNT_STEPS]
    count_guide: Any  # u1 [activity class, month length 28..31, first 8 bits]
    alias: Any  # i8 [activity class, row] cut and other row, with the traits of both
    gradient: Any  # i4 [row, eighth], 16 bits
    response: Any  # u1 [type] how the rate answers where a scheme watches the act
    needs_means: Any  # u1 [row] 1: who cannot pay could not comply
    is_lawful: Any  # u1 [row] 1: outside the declared culpable set
    is_worthless: Any  # u1 [type] 1: of no use to anybody else
    is_breach: Any  # u1 [type] 1: a wrong between strangers, in commerce or everyday life
    sort: Any  # u1 [row] neutral, culpable, lawful sensitive, praised
    department: Any  # u1 [row]


U1: TypeAlias = Annotated[Any, "u1"]
U2: TypeAlias = Annotated[Any, "u2"]
U4: TypeAlias = Annotated[Any, "u4"]
I2: TypeAlias = Annotated[Any, "i2"]
I4: TypeAlias = Annotated[Any, "i4"]
I8: TypeAlias = Annotated[Any, "i8"]
"""Numbers of so many bytes, without and with a sign."""


class Rules(NamedTuple):
    """What an arm's rulebooks and assumptions say in this step, rule by rule."""

    response: U1  # [row] how the row's rate answers to state, where this arm watches it
    presence: I8  # [province, urban, patch] 32-bit chances that a community has the patch
    channel_share: U2  # [block, type, channel] cumulative 16-bit; a block is (patches, urban)
    wrong_person: U2  # [channel]
    false_faces: I8  # [channel] faces falsely matched a probe, in 1/65536
    wrong_to: U2  # [channel, 2] cumulative: household, community
    delay_span: U2  # [department]
    loss: U2  # [department]
    withheld: I8  # [department] 32 bits: what does not reach the shared record
    is_local: U1  # [department]
    necessary: U2  # [type] share of acts done of necessity
    points_mark: U1  # [type] instruments on which an act is worth anything
    points_excuse: U1  # [type] of them, those that spare an act of necessity
    ground_excuse: U2  # [type] lists whose grounds spare an act of necessity
    reach_points: I4  # [instrument, type] in force from this step: entries since that day count
    reach_grounds: I4  # [list, type] the same for grounds
    reach_on: U1  # [province] 1: some rule that reaches back comes into force in this step
    keep_since: I4  # [type] entries since that day are kept for a later rule
    file_access: U1  # [province] bits: who may read the file, whether it follows its person
    points_low: I2  # [instrument, type]
    points_span: U2  # [instrument, type]
    norm: U2  # [province, row] what campaigns make of a row's rate, in 1/32768
    slope_trait: U1  # [instrument, type]
    slope_per_eighth: I2  # [instrument, type]
    slope_noise: U2  # [instrument, type]
    points_term: U2  # [instrument, type] officers for whom the act falls under the term
    repeat_group: U2  # [instrument, type] acts of one provision are counted together
    repeat_within_days: I4  # [instrument, type] 0: points do not rise with repetition
    repeat_points: I2  # [instrument, type, REPEATS]
    fine_yuan: I4  # [instrument, type] taken for the act besides its points
    price_yuan: I4  # [instrument, type] paid for the act that earns points
    override_grade: U1  # [instrument, type]
    override_months: U2  # [instrument, type]
    start: I2  # [instrument]
    floor: I2  # [instrument]
    cap: I2  # [instrument]
    kept_years: U1  # [instrument] 0: to the end of the calendar year of the entry
    kept_for_good: U1  # [instrument]
    instrument_enrolment: U1  # [instrument] MANDATORY, CONSENT, OPT_OUT or VOLUNTARY
    applies_kind: U1  # [instrument]
    covers: U2  # [instrument] exposure bits of those who have a score; 0: everybody
    thin_bars: U4  # [instrument] counters that refuse those of whom there is no file
    grade_count: U1  # [instrument]
    grade_favours: U4  # [instrument, grade] counters that give a privilege
    seen_by: U1  # [instrument] who sees a score (codes in stages.scoring)
    household_share: U2  # [instrument]
    friends_share: U2  # [instrument]
    workplace_share: U2  # [instrument]
    unit_favours: U4  # [instrument, grade] counters that the workplace's mean opens
    paid_to: U1  # [instrument, type] 0: nobody, 1: the state, 2: a producer
    exempt_dropped: I8  # [province] 32 bits: an official's entry is dropped
    exempt_discount: U2  # [province] share of an official's lost points that is given back
    target_entries: I8  # [province] entries that are expected per 1,000,000 rows and year
    list_address: U2  # [list] of its name: where its draws are, whatever else an arm holds
    list_kind: U1  # [list]
    list_term_days: I4  # [list] NEVER: until something else ends it
    list_instrument: U1  # [list] NO_GRADE: no grade is a ground
    list_grade: U1  # [list] highest grade that lists; of a red list the lowest
    list_until_grade: U1  # [list]
    list_count: U1  # [list] entries that make the count ground, 0: none
    list_count_span: U1  # [list] more that the mildest officer asks
    list_within_days: I4  # [list]
    list_notice: U1  # [list]
    list_contest: U1  # [list]
    list_window_days: I4  # [list]
    list_decide_days: I4  # [list]
    list_from_knowledge: U1  # [list]
    list_suspends: U1  # [list]
    list_deletes: U1  # [list]
    list_published: U1  # [list]
    list_red: U1  # [list] 1: its measures give
    list_display: U1  # [list] what is shown, a place in DISPLAYS
    list_monthly: U1  # [list] 1: from the first working day of a month
    list_not_before_days: I4  # [list] no performance takes a name off sooner
    list_ability: U1  # [list]
    list_review: U1  # [list] 1: an officer looks at the ground first
    list_enrolment: U1  # [list]
    list_bars: U4  # [list] counters
    list_reaches: U4  # [list] counters, for the household
    list_represents: U4  # [list] counters, for the adult who stands for a listed body
    ground_single: U2  # [type] lists
    ground_count: U2  # [type] lists
    ground_viral: U2  # [type] lists, where the public is outraged
    instruments_on: U1  # [province] bits
    lists_on: U2  # [province] bits
    records_on: U1  # [province] 1: some rulebook of the arm is in force there
    consent_on: U1  # [province] 1: one of them asks for consent
    opt_out_on: U1  # [province] 1: one of them may be left
    attempt_hazard: I8  # [month length 28..31, counter]
    attempt_needs: U2  # [counter] exposure bits
    retry_cumulative: I8  # [counter, RETRY_STEPS]
    burden_yuan: I4  # [counter]
    means_loss: I4  # [counter]
    act_origin: U1  # [type] the context of the act
    gravity_yuan: I4  # [type] a fair fine; 0: no wrong
    unrelated: U1  # [origin, context] 1: the two are not declared to be related
    counter_context: U1  # [counter]
    places: I8  # [counter] privileges for a million persons a year; ENDLESS: no end
    child_from: U1  # [counter] youngest child that one goes there for
    child_to: U1  # [counter] eldest; NO_CHILD: one goes there for oneself
    takes_up: I8  # [counter] 32 bits: providers that look the list up
    takes_up_rises: I8  # [counter] 32 bits a month of the run
    strands: U1  # [counter] 1: a refusal may be one on the way home
    act_needs: U1  # [row] the counter that the act needs; NO_COUNTER: none
    act_without: U2  # [row] how far the act is lost where that counter is closed
    act_omits: U1  # [row] 1: the act is an omission, which a closed counter forces


class Laws(NamedTuple):
    """The rules of all arms, those of one kind of number behind one another: [arm, cell]."""

    u1: Any
    u2: Any
    u4: Any
    i2: Any
    i4: Any
    i8: Any
    begins: Any  # i8 [arm, 2 x rule] where each rule begins and ends among those of its kind


KIND_OF_RULE: dict[str, str] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Rules, include_extras=True).items()
}


class Institutions(NamedTuple):
    """What the institutions decided for this step, from the counts of the last."""

    # Chance that an act is seen, that a false report or a stray is written down.
    seen: Any  # u2 [arm, (block, row)]
    attention: Any  # u2 [arm, community] in units of 1 / HERE
    grade_cut: Any  # i2 [arm, (instrument, grade)] lowest points of the grade
    backlog_days: Any  # i4 [arm, department]
    longest_wait: Any  # i4 [arm] days that the slowest department takes at most
    added_loss: Any  # u2 [arm, department] losses more, from the backlog
    mixups: Any  # i8 [arm, department] 32 bits: entries written for somebody else, from the same
    silence_reads: Any  # i2 [arm, instrument] the score for which silence is taken
    review_days: Any  # i4 [arm] days that a load of contests adds to each decision
    review: Any  # i4 [arm, province] share of wins that pressed reviewers leave, 1/65536
    served: Any  # i8 [arm, counter] 32 bits: a favoured row finds a place left


def _tuple_type(name: str, names: tuple[str, ...]) -> Any:
    made = namedtuple(name, names)  # type: ignore[misc]  # noqa: PYI024 - names come from the registry
    made.__module__ = __name__
    return made


Rows = _tuple_type("Rows", tuple(column.name for column in STATIC))
State = _tuple_type("State", tuple(column.name for column in STATE))
Outcome = _tuple_type("Outcome", tuple(column.name for column in OUTCOME))
Entries = _tuple_type("Entries", tuple(column.name for column in ENTRY_POOL))
Listings = _tuple_type("Listings", tuple(column.name for column in LISTING_POOL))
Open = _tuple_type("Open", tuple(column.name for column in POOL_SIZES))
Counts = _tuple_type("Counts", tuple(count.name for count in COUNTS))


class Frame(NamedTuple):
    """Work arrays of the one community that a worker is at; ``S`` rows, ``A`` candidate acts."""

    count: Any  # i4 [S + 1] candidates, then where they begin
    traits: Any  # i4 [S] the eighths of the traits, and above them the activity class
    act_slot: Any  # u2 [A + SPREAD] whose candidate it is
    act_serial: Any  # u2 [A + SPREAD] the how-manieth of theirs
    word_0: Any  # u4 [A] four words a candidate; before that, in the first, one a row
    word_1: Any  # u4 [A]
    word_2: Any  # u4 [A]
    word_3: Any  # u4 [A]
    act: Any  # i8 [A] whose, 16 bits; type, 16 bits; gradient
    keep: Any  # u1 [A] 1: `pack` takes it
    kept: Any  # i4 [A + 1] the candidates that are possible acts; last, how many
    possible: Any  # i8 [A] the acts that are in the step and lucky under the envelope
    slot: Any  # u2 [A] whose they are
    type: Any  # u2 [A] a row of the act tables
    gradient: Any  # u2 [A] of their type and trait
    luck: Any  # u4 [A] their luck, 16 bits each: above, to be done, and below, to be seen
    act_factor: Any  # u2 [A] what the state of the arm at hand makes of them
    chance: Any  # u2 [A] the chance that it is seen
    done: Any  # u1 [A] 1: it is done
    kinds: Any  # i8 [act rows] acts done, and above them acts seen
    kind_factors: Any  # i4 [act rows] where the factors begin that it answers to
    kind_chance: Any  # u2 [act rows] the chance that it is seen, under the community's attention
    weight: Any  # i8 [act rows] what an act adds to a person's deeds
    deeds: Any  # i8 [S] acts of three sorts done in the step, and their fair fines
    fate_0: Any  # u4 [A] words of the acts seen: whose they are taken for, whether lost
    fate_1: Any  # u4 [A] by which officer, how late
    recorded: Any  # i4 [A + 1] the possible acts that were done and seen; last, how many
    channel: Any  # u1 [A] of the acts seen, as those below: by which channel
    probes: Any  # i4 [A + 1] those at which faces were compared; last, how many
    entry_slot: Any  # i4 [A] on whose file, -1 for nobody's here
    entry_act: Any  # u2 [A]
    entry_label: Any  # u1 [A]
    entry_day: Any  # i4 [A]
    entry_due: Any  # i4 [A]
    told_slot: Any  # u2 [places of the pool + A] of entries that wait and that are new: of whom
    told_act: Any  # u2 [places of the pool + A]
    told_day: Any  # i4 [places of the pool + A]
    leaning: Any  # u2 [places of the pool + A] of the officer
    heard: Any  # u2 [places of the pool + A] luck below which it is told
    factor: Any  # u2 [N_RESPONSES * S] of each response class and row, from its state
    watch: Any  # u2 [3 * S] attention on what rows do, on what is said of them, on strays
    new_points: Any  # i4 [instruments * labels * S] for the ledger, from this step
    known_entries: Any  # u1 [S] bad entries that came to be known in the step
    known_speech: Any  # u1 [S] those of them for a chilled act
    breaches_before: Any  # i8 [1] breaches counted before the community at hand
    known_lost: Any  # i4 [S] points lost by entries known
    known_gained: Any  # i4 [S] points gained by entries known
    refused_day: Any  # i4 [S] the first day on which some counter refused
    refused_at: Any  # u4 [S] the counters that refused
    refused_times: Any  # u2 [S] refusals, repeated tries included
    means_lost: Any  # i4 [S] to refusals, fines and prices in the step
    learned: Any  # u1 [S] 1: learned in this step of a listing of their own
    fear: Any  # u2 [S] raised by entries that came to be known
    ties: Any  # u1 [S] friends, colleague and neighbour of whom bad news was published
    sees_listed: Any  # u1 [S] published listing of the last step
    shortfall: Any  # i2 [instruments * S] published shortfall of the last step
    short_before: Any  # i8 [instruments * S + 1] its running sums
    stale: Any  # u4 [S] counters that refuse for a listing that has ended
    jumped: Any  # u4 [S] queues in which the row went first in the step
    bars: Any  # u4 [S] counters that refuse in the step
    gifts: Any  # u4 [S] counters that a red listing opens in the step
    first_listing: Any  # i4 [S] the first listing that the row bears, -1: none
    next_listing: Any  # i4 [places of the pool] the next one of the same row
    grade_ground: Any  # u1 [S] 1: a row that is meant, in whatever is asked of all
    grounded: Any  # i4 [S + 1] those rows in order; last, how many
    points: Any  # i4 [S] the points of an instrument as they are added up
    reached: Any  # u1 [S] the grade that they reach
    bin: Any  # u2 [S] the bin of the histogram that a score falls in
    histogram: Any  # i4 [HISTOGRAMS * bins]
    alarm: Any  # i4 [ALARMS] 1: a pool or this frame was too small
    cycles: Any  # i8 [LAPS] what each lap has taken, where the target measures


def lifted(tables: Any) -> Any:
    """Give a named tuple of flat tables with an axis of length 1 in front, to be peeled again."""
    return type(tables)(*(table[None] for table in tables))


class Place(NamedTuple):
    """Where each community stands."""

    people: Any  # i4 rows that exist (the last community may be cut)
    province: Any  # u1
    county: Any  # u4 number within the society
    urban: Any  # u1


class Tally(NamedTuple):
    """What laying out a society counts."""

    classes: Any  # i8 [worker, activity class]
    cycles: Any  # i8 [worker, LAPS] those of the frames


class Journals(NamedTuple):
    """What happens in the communities that a driver holds, event by event."""

    cells: Any  # i4 [community, NOTED_FROM + NOTED_CELLS * room]; one of no room is [community, 1]


class Sums(NamedTuple):
    """What is counted, worker by worker; behind arm and province one count follows the other."""

    cells: Any  # i8 [worker, arm, province, cell]


class World(NamedTuple):
    """All columns of the communities that a driver holds; leading axis community."""

    first_community: int
    place: Any  # Place
    rows: Any  # Rows
    state: Any  # State
    outcome: Any  # Outcome
    entries: Any  # Entries
    listings: Any  # Listings
    opened: Any  # Open


class Tables(NamedTuple):
    """All tables of a step."""

    conduct: Any  # Conduct
    laws: Any  # Laws, leading axis arm
    settings: Any  # i8 [arm, setting] in the order of Settings
    institutions: Any  # Institutions, leading axis arm
    begins: Any  # i8 [count + 1] where each count begins among the cells of a province


class Here(NamedTuple):
    """The community at hand in the step at hand, and who lives there; the same for all arms."""

    seed: int
    base: int  # address of the community's first person
    people: int
    province: int
    county: int
    urban: int
    when: Any  # When
    sizes: Any  # Sizes
    rows: Any  # Rows
    journal: Any  # the community's own


class Law(NamedTuple):
    """What one arm's rules, assumptions and institutions say in the step."""

    conduct: Any  # Conduct
    rule: Any  # Rules of the arm
    settings: Any  # Settings of the arm
    block: int  # which channels are at the community: 2 x its patches, and 1 more in town
    seen: Any
    attention: int
    grade_cut: Any
    backlog_days: Any
    longest_wait: int
    added_loss: Any
    mixups: Any
    silence_reads: Any
    review_days: int
    review: int
    served: Any


class Arm(NamedTuple):
    """What one arm of the community holds."""

    number: int
    state: Any
    outcome: Any
    entries: Any
    listings: Any
    opened: Any
    counts: Any


class Entry(NamedTuple):
    """One entry on its way to a department."""

    slot: int
    act: int
    label: int
    officer: int
    act_day: int
    due_day: int
    leaning: int  # of the officer, 0 strict .. 65535 mild; 0 where no rule leaves anything open


class Reason(NamedTuple):
    """Why a counter refuses a row."""

    path: int  # a label of the row's own listing, or another path of state.bits
    origin: int  # the context of the act behind, or a score, or no ground
    bars: int  # how many bars there are; each alone would do


class Reached(NamedTuple):
    """How far the pool of entries has been gone through in a step."""

    kept: int  # entries at the head that stay
    place: int  # the entry at hand; from the pool's old number on, an act of this step
