"""An arm's assumptions as tables: channels, departments, counters and single settings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from glasshouse.engine.plan.conduct import (
    highest_gain,
    rewarded_factors,
    strained_factor,
)
from glasshouse.engine.plan.consequences import (
    counter_tables,
    needed_counters,
    needs_a_closed_counter,
    queues_of,
    weights_of_acts,
)
from glasshouse.engine.plan.exact import (
    DAYS_A_YEAR,
    decimal,
    hazard,
    level,
    share_in,
    threshold,
)
from glasshouse.engine.plan.files import file_settings, withheld
from glasshouse.engine.plan.names import Names, grades_of, scored
from glasshouse.engine.plan.rules import NO_CHANGE, records_anything
from glasshouse.engine.plan.sight import (
    blocks_of,
    channel_shares,
    lenses_of,
    presence_of,
    watch_settings,
    wrong_tables,
)
from glasshouse.engine.tables import Sizes, When
from glasshouse.law.assumptions import Assumptions
from glasshouse.law.experiment import ArmRules, Experiment
from glasshouse.stages.scoring.scoring_kernel import EVERYONE_SEES, NEIGHBOURS_SEE, NO_OPEN_TERM
from glasshouse.stages.society.society_kernel import PERSON


def practice_tables(assumptions: Assumptions, names: Names) -> dict[str, Any]:
    """Give the tables of detection, records and counters of an arm."""
    departments = assumptions.departments
    shares = [
        channel_shares(act, lenses)
        for lenses in (lenses_of(assumptions, one) for one in blocks_of(assumptions.channels))
        for act in assumptions.acts
    ]
    return {
        **wrong_tables(assumptions.channels),
        "presence": presence_of(assumptions.channels, names.provinces),
        "channel_share": np.array(shares, np.uint16).ravel(),
        "necessary": np.array(necessities(assumptions), np.uint16),
        "delay_span": np.array([round(2 * d.delay_days.value) + 1 for d in departments], np.uint16),
        "loss": np.array([level(d.loss.value) for d in departments], np.uint16),
        "withheld": np.array(
            [threshold(withheld(d, assumptions), 32) for d in departments], np.int64
        ),
        "is_local": np.array([d.level == "local" for d in departments], np.uint8),
        **counter_tables(assumptions, names),
        **needed_counters(assumptions),
        **weights_of_acts(assumptions, names),
    }


def necessities(assumptions: Assumptions) -> list[int]:
    """Give the share of each act that is done of necessity, in 16 bits."""
    return [level(act.necessary.value) if act.necessary else 0 for act in assumptions.acts]


def settings_of(
    experiment: Experiment, number: int, when: When, law: dict[str, Any], sizes: Sizes
) -> dict[str, int]:
    """Give the single numbers of an arm in a step."""
    assumptions = experiment.arms[number].assumptions
    process, response = assumptions.process, assumptions.response
    days = when.end_day - when.first_day
    base, top = rewarded_factors(assumptions, highest_gain(experiment))

    def chance(name: str) -> int:
        return threshold(process[name].value, 32)

    def whole(name: str) -> int:
        return round(process[name].value)

    def share(name: str) -> int:
        return level(response[name].value)

    def step_share(name: str) -> int:
        return level(share_in(response[name].value, days))

    def month_chance(name: str) -> int:
        return threshold(hazard(response[name].value, when.month_days), 32)

    has_privileges = int(
        law["grade_favours"].any() or law["list_red"].any() or law["unit_favours"].any()
    )
    low, width = histogram_of(law, sizes)
    return {
        "cannot_pay_below": level(process["cannot_pay_below"].value),
        "pursued": chance("pursued"),
        "ability_sensitivity": chance("ability_sensitivity"),
        "ability_specificity": chance("ability_specificity"),
        "decision_delay_days": whole("decision_delay_days"),
        "notice_reaches": chance("notice_reaches"),
        "notice_delay_span": 2 * whole("notice_delay_days") + 1,
        "contest_lowest": chance("contest_if_not"),
        "contest_highest": chance("contest_if_literate"),
        "trust_moves_contest": share("trust_moves_contest"),
        "review_finds_not_theirs": chance("review_finds_not_theirs"),
        "review_finds_could_not": chance("review_finds_could_not"),
        "review_finds_lawful": chance("review_finds_lawful"),
        "review_errs": chance("review_errs"),
        "overturned_if_wrongful": chance("overturned_if_wrongful"),
        "overturned_if_rightful": chance("overturned_if_rightful"),
        "performs": threshold(hazard(process["perform_per_year"].value, when.month_days), 32),
        "performance_refused": chance("performance_refused"),
        "performance_lost": chance("performance_lost"),
        "deletion_days": whole("deletion_days"),
        "officers_per_office": whole("officers_per_office"),
        "leanings_differ": threshold(process["leanings_differ"].value, 16),
        "entry_known": level(process["entry_known"].value),
        "goes_viral": chance("goes_viral"),
        **file_settings(experiment, number, when),
        "reaches_back": int(law["reach_on"].any()),
        "aware": threshold(response["aware"].value, 32),
        "consents": threshold(response["consents"].value, 32),
        "joins": month_chance("joins_per_year"),
        "opts_out": month_chance("opts_out_per_year"),
        "caution_per_entry": share("caution_per_entry"),
        "caution_per_tie_listed": share("caution_per_tie_listed"),
        "caution_fades": step_share("caution_fades_per_year"),
        "deterrence": share("deterrence"),
        "announced_caution": share("announced_caution"),
        "silence_per_entry": share("silence_per_entry"),
        "silence_per_tie_listed": share("silence_per_tie_listed"),
        "silence_fades": step_share("silence_fades_per_year"),
        "chilling": share("chilling"),
        "gaming_rises": step_share("gaming_per_year") * bool(law["instruments_on"].any()),
        "gaming_fades": step_share("gaming_fades_per_year"),
        "rewarded_base": base,
        "rewarded_top": top,
        "strained_base": strained_factor(assumptions),
        "has_needs": int(needs_a_closed_counter(assumptions, law)),
        "yuan_of_full_means": whole("yuan_of_full_means"),
        "refused_away": chance("refused_away"),
        "stranded_span": max(2 * whole("stranded_days") - 1, 0),
        "stranded_yuan_a_day": whole("stranded_yuan_a_day"),
        "has_afforded": int(any(act.response == "afforded" for act in assumptions.acts)),
        "severity_weight": threshold(response["severity_weight"].value, 16),
        "severe_points": round(response["severe_points"].value),
        "loss_aversion": threshold(response["loss_aversion"].value, 16),
        "gaming_per_gain": share("gaming_per_gain"),
        "crowds": step_share("crowds_per_year"),
        "crowded_fades": step_share("crowding_fades_per_year"),
        "crowding": share("crowding"),
        "trust_moves_reporting": share("trust_moves_reporting"),
        "trust_moves_silence": share("trust_moves_silence"),
        "blame_local": share("blame_local"),
        "leaves": threshold(hazard(response["leaves_per_year"].value, when.month_days), 32),
        "leaves_above_means": share("leaves_above_means"),
        "discloses": threshold(response["discloses"].value, 32),
        "silence_read_as_low": threshold(response["silence_read_as_low"].value, 32),
        "favoured": int(np.bitwise_or.reduce(law["grade_favours"])),
        "has_audience": int((law["seen_by"] >= NEIGHBOURS_SEE).any()),
        "has_strangers": int(
            max(
                response[f"strangers_{by}"].value for by in ("lost_per_breach", "gained_by_records")
            )
            > 0
        ),
        "strangers_lost_per_breach": share("strangers_lost_per_breach"),
        "strangers_gained_by_records": step_share("strangers_gained_by_records"),
        "strangers_recover": step_share("strangers_recover_per_year"),
        "approval_base": share("approval_base"),
        "approval_lost_if_hit": share("approval_lost_if_hit"),
        "trust_moves_approval": share("trust_moves_approval"),
        "informed_share": threshold(response["informed_share"].value, 32),
        "information_lowers": share("information_lowers"),
        "conceals": threshold(response["conceals"].value, 32),
        "honour_moves": share("honour_moves")
        * int((law["list_red"] * law["list_published"]).any()),
        "has_norms": int((law["norm"] != NO_CHANGE).any()),
        "habit_forms": step_share("habit_per_year"),
        "habit_fades": step_share("habit_fades_per_year"),
        "habit_keeps": share("habit_keeps"),
        "trust_lost_per_refusal": share("trust_lost_per_refusal"),
        "trust_recovers": step_share("trust_recovers_per_year"),
        "means_recovers": step_share("means_recovers_per_year"),
        "friends_leave": threshold(response["friends_leave"].value, 32)
        * int((law["seen_by"] == EVERYONE_SEES).any()),
        **watch_settings(assumptions),
        "has_necessity": int(any(necessities(assumptions))),
        "has_rules": int(any(map(records_anything, experiment.arms[number].rulebooks))),
        "grade_lists": grade_lists(law),
        "red_lists": sum(1 << place for place, red in enumerate(law["list_red"]) if red),
        "has_lists": int(law["lists_on"].any()),
        "has_thin": int(law["thin_bars"].any()),
        "queues": queues_of(assumptions) * has_privileges,
        "has_privileges": has_privileges,
        "has_discretion": int(
            law["points_span"].any()
            or (law["points_term"] != NO_OPEN_TERM).any()
            or law["list_count_span"].any()
        ),
        "has_repeats": int(law["repeat_within_days"].any()),
        "has_association": int(
            law["household_share"].any()
            or law["friends_share"].any()
            or law["workplace_share"].any()
        ),
        "has_unit": int(law["workplace_share"].any() or law["unit_favours"].any()),
        "unit_pressure": step_share("unit_pressure"),
        "has_exemption": int(law["exempt_dropped"].any() or law["exempt_discount"].any()),
        **threats_of(assumptions, law, when),
        "compared": compared(experiment.arms[number]),
        "has_bodies": int((law["list_kind"] > PERSON).any()),
        "enterprise_costs": round(
            65535 * decimal(process["listed_enterprise_costs_per_year"].value) * days / DAYS_A_YEAR
        ),
        "score_low": low,
        "bin_points": width,
    }


def threats_of(assumptions: Assumptions, law: dict[str, Any], when: When) -> dict[str, int]:
    """Give the single numbers of what goes wrong on purpose."""
    threats = assumptions.threats

    def whole(name: str) -> int:
        return round(threats[name].value)

    def chance(name: str) -> int:
        return threshold(threats[name].value, 32)

    def month_chance(name: str) -> int:
        return threshold(hazard(threats[name].value, when.month_days), 32)

    def of_1000(name: str) -> int:
        return threshold(decimal(threats[name].value) / 1000, 32)

    # A list that a better grade leaves would free them at once.
    holds = (law["list_kind"] == PERSON) & (law["list_bars"] > 0) & (law["list_until_grade"] == 0)
    barring = np.flatnonzero(holds & (law["list_red"] == 0))
    full = max(decimal(assumptions.process["yuan_of_full_means"].value), Decimal(1))
    price = decimal(threats["bribe_price_yuan"].value) / full
    return {
        "producer_margin": level(threats["producer_margin"].value),
        "bribe_share": chance("bribe_share"),
        "bribe_price": threshold(min(price, Decimal(2)), 16),
        "bribe_found": chance("bribe_found"),
        "points_sold": whole("points_sold"),
        "points_sell": month_chance("points_sold_per_year"),
        "breach_month": whole("breach_month"),
        "breach_read": of_1000("breach_records_per_1000"),
        "breach_altered": of_1000("breach_altered_per_1000"),
        "breach_points": whole("breach_points"),
        "opponents": month_chance("opponents_listed_per_year"),
        "opponents_list": int(barring[0]) if len(barring) else 255,
        "scandal_month": whole("scandal_month"),
        "scandal_branch": chance("scandal_branch"),
        "scandal_loss": level(threats["scandal_loss"].value),
    }


def grade_lists(law: dict[str, Any]) -> int:
    """Give, as bits, the lists that a grade is a ground of."""
    grounded = (1 << place for place, by in enumerate(law["list_instrument"]) if by != 255)
    return sum(grounded)


def histogram_of(law: dict[str, Any], sizes: Sizes) -> tuple[int, int]:
    """Give the foot and the bin width of the score histogram: the scale, or 1,024 around start."""
    used = law["applies_kind"] > 0
    if not used.any():
        return 0, 1
    start = law["start"][used].astype(int)
    low = int(np.maximum(law["floor"][used], start - 1024).min())
    high = int(np.minimum(law["cap"][used], start + 1024).max())
    return low, -(-(high - low + 1) // sizes.bins)


def compared(arm: ArmRules) -> int:
    """Give as bits the scores of an arm that can disagree: another has the same grades."""
    words = [(book.applies_to, grades_of(book)) for book in scored(arm)]
    return sum(
        1 << place for place, word in enumerate(words) if len(word[1]) > 1 and words.count(word) > 1
    )
