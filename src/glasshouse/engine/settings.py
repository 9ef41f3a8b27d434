"""The single numbers of an arm that the sweep reads."""

from __future__ import annotations

from typing import Any, NamedTuple


class Settings(NamedTuple):
    """The single numbers of an arm (arrays over the arms; one number in the sweep).

    Chances of rare decisions have 32 bits (below 2**32), shares and rates a step 16 bits.
    """

    cannot_pay_below: Any  # means, 1/65536
    pursued: Any  # 32 bits
    ability_sensitivity: Any  # 32 bits
    ability_specificity: Any  # 32 bits
    decision_delay_days: Any
    notice_reaches: Any  # 32 bits
    notice_delay_span: Any  # days
    contest_lowest: Any  # 32 bits
    contest_highest: Any  # 32 bits
    trust_moves_contest: Any  # 16 bits
    review_finds_not_theirs: Any  # 32 bits, as the three below
    review_finds_could_not: Any
    review_finds_lawful: Any
    review_errs: Any
    overturned_if_wrongful: Any  # 32 bits
    overturned_if_rightful: Any  # 32 bits
    performs: Any  # 32 bits, in the calendar month of the step
    performance_refused: Any  # 32 bits
    performance_lost: Any  # 32 bits
    deletion_days: Any
    officers_per_office: Any
    leanings_differ: Any  # 0 .. 65536
    entry_known: Any  # 16 bits
    goes_viral: Any  # 32 bits
    joins_files: Any  # 1: entries may be withheld, left behind, joined or mixed up
    away: Any  # 32 bits
    is_merged: Any  # 1: the files of all places are one
    missed: Any  # 32 bits
    mistaken: Any  # 32 bits
    moves: Any  # 32 bits, in the calendar month of the step
    copies_stale: Any  # 32 bits
    copies_corrected: Any  # 32 bits, in the calendar month of the step
    looks: Any  # 32 bits, in the calendar month of the step
    reaches_back: Any  # 1: some rule that reaches back comes into force in this step
    aware: Any  # 32 bits
    consents: Any  # 32 bits
    joins: Any  # 32 bits, in the calendar month of the step
    opts_out: Any  # 32 bits, the same
    caution_per_entry: Any
    caution_per_tie_listed: Any
    caution_fades: Any  # a step
    deterrence: Any
    announced_caution: Any  # the caution of those who know, at the least, where they are warned
    silence_per_entry: Any
    silence_per_tie_listed: Any
    silence_fades: Any  # a step
    chilling: Any
    gaming_rises: Any  # a step
    gaming_fades: Any  # a step
    rewarded_base: Any
    rewarded_top: Any
    strained_base: Any
    has_needs: Any  # 1: some counter that an act needs can be closed
    yuan_of_full_means: Any  # 0: yuan are counted, and means stay
    refused_away: Any  # 32 bits
    stranded_span: Any  # days
    stranded_yuan_a_day: Any
    has_afforded: Any  # 1: some act is done in proportion to means
    severity_weight: Any  # 1/65536
    severe_points: Any  # points
    loss_aversion: Any  # 1/65536
    gaming_per_gain: Any
    crowds: Any  # a step
    crowded_fades: Any  # a step
    crowding: Any
    trust_moves_reporting: Any
    trust_moves_silence: Any
    blame_local: Any
    has_norms: Any  # 1: some campaign is on
    leaves: Any  # 32 bits, in the calendar month of the step
    leaves_above_means: Any  # means, 1/65536
    discloses: Any  # 32 bits
    silence_read_as_low: Any  # 32 bits
    favoured: Any  # bits: counters at which some grade earns a privilege
    has_audience: Any  # 1: some score is seen by neighbours or by everyone
    has_strangers: Any  # 1: trust in strangers moves
    strangers_lost_per_breach: Any
    strangers_gained_by_records: Any  # a step
    strangers_recover: Any  # a step
    approval_base: Any
    approval_lost_if_hit: Any
    trust_moves_approval: Any
    informed_share: Any  # 32 bits
    information_lowers: Any
    conceals: Any  # 32 bits
    honour_moves: Any  # 0 where no red list is published
    habit_forms: Any  # a step
    habit_fades: Any  # a step
    habit_keeps: Any
    trust_lost_per_refusal: Any
    trust_recovers: Any  # a step
    means_recovers: Any  # a step
    friends_leave: Any  # 32 bits; 0 too where no score is for everyone to see
    scrutiny: Any  # units of HERE, as the three below
    follows_file: Any
    map_watch: Any
    grudge: Any
    has_watch: Any  # 1: somebody may be watched more closely than the neighbours
    has_necessity: Any  # 1: some act may be done of necessity
    has_rules: Any  # 0: an arm in which nobody is ever scored
    grade_lists: Any  # bits: lists that a grade is a ground of
    red_lists: Any  # bits: lists whose measures give
    has_lists: Any  # 1: some list can be entered
    has_privileges: Any
    has_thin: Any  # 1: some instrument refuses those of whom it has no file
    queues: Any  # bits: counters where going first makes others wait
    has_discretion: Any  # 1: some points, count or term is left to the officer
    has_repeats: Any  # 1: some points rise with repetition
    has_association: Any
    has_unit: Any  # 1: the workplace's scores count for its members
    unit_pressure: Any  # a step
    has_exemption: Any
    producer_margin: Any  # 16 bits
    bribe_share: Any  # 32 bits
    bribe_price: Any  # means
    bribe_found: Any  # 32 bits
    points_sold: Any
    points_sell: Any  # 32 bits, in the calendar month of the step
    breach_month: Any  # counted from 1, 0: never
    breach_read: Any  # 32 bits
    breach_altered: Any  # 32 bits
    breach_points: Any
    opponents: Any  # 32 bits, in the calendar month of the step
    opponents_list: Any  # the list onto which opponents are put, 255: none
    scandal_month: Any  # counted from 1, 0: never
    scandal_branch: Any  # 32 bits
    scandal_loss: Any  # 16 bits
    compared: Any  # bits: instruments whose words for grades another instrument has too
    has_bodies: Any  # 1: some list is of enterprises, courts or governments
    enterprise_costs: Any  # means that owner and workers of a listed enterprise lose in the step
    score_low: Any  # points at the foot of the histogram
    bin_points: Any  # points a bin of the histogram
