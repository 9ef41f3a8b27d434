"""What is asked at the door, before the first step: each question a function, all answers at once.

Kernels cannot speak, so whatever they could not bear is refused here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from glasshouse.engine.plan.conduct import (
    MONTH_LENGTHS,
    class_rates,
    envelope_of,
    gradient_of,
    highest_gain,
    mean_strain,
    month_mean,
)
from glasshouse.engine.plan.exact import decimal, poisson_thresholds
from glasshouse.engine.plan.names import grades_of, lists_of, scored
from glasshouse.engine.plan.rules import carried
from glasshouse.engine.plan.sight import blocks_of, chance_seen, lenses_of, patches_of, wrong_of
from glasshouse.errors import BadInput, Problem
from glasshouse.law.experiment import Experiment
from glasshouse.law.rulebook import Campaign, Listing
from glasshouse.stages.conduct.conduct_kernel import COUNT_STEPS
from glasshouse.stages.detection.detection_kernel import N_CHANNELS
from glasshouse.stages.scoring.scoring_kernel import N_GRADES
from glasshouse.stages.standing.standing_kernel import N_LISTS

COARSEST = Decimal("0.5") / 65536 / Decimal("0.01")
"""The least probability that 16 bits hold with a rounding error under 1 %."""

MOST_INSTRUMENTS = 8
MOST_COUNTERS = 32
MOST_DEPARTMENTS = 255
MOST_TYPES = 4095
MOST_PATCHES = 4
MOST_YUAN = 2**32 - 1


def enter(experiment: Experiment) -> None:
    """Refuse an experiment that the engine could not run exactly, with every reason."""
    questions = (
        no_candidate_beyond_the_count_table,
        no_probability_too_small_for_sixteen_bits,
        no_more_than_the_tables_hold,
        wrongs_that_a_column_can_hold,
        the_first_arm_is_a_baseline,
        strain_is_the_same_in_every_arm,
        one_count_ground_a_list,
        campaigns_stay_within_the_envelope,
        a_channel_s_provinces_are_known,
    )
    problems = [
        Problem(f"scenario {experiment.scenario.scenario}", 0, 0, where, what, right)
        for question in questions
        for where, what, right in question(experiment)
    ]
    if problems:
        raise BadInput(problems)


Answers = Iterator[tuple[str, str, str]]


def no_candidate_beyond_the_count_table(experiment: Experiment) -> Answers:
    """Ask that a month with more candidates than the table holds is rarer than 1 in 10**12."""
    acts = experiment.arms[0].assumptions.acts
    for rates in class_rates(acts, envelope_of(experiment)):
        mean = month_mean(rates, MONTH_LENGTHS[-1])
        if poisson_thresholds(mean, COUNT_STEPS)[-1] < 1 << 32 or mean > COUNT_STEPS:
            yield (
                "acts",
                f"{mean:.1f} candidate acts a person and month is more than the sweep draws",
                "rates that sum to at most 15 or so acts a person and month",
            )
            return


def wrongs_that_a_column_can_hold(experiment: Experiment) -> Answers:
    """Ask that the fair fines of a whole run fit their column, were every candidate the gravest."""
    most = MOST_YUAN // (COUNT_STEPS * experiment.scenario.months_in_all)
    for arm in experiment.arms:
        for judged in arm.assumptions.culpability:
            if judged.culpable and judged.gravity.value > most:
                where = f"arms.{arm.name}.culpability.{judged.act}.gravity"
                yield where, f"{judged.gravity.value:g} yuan are too grave", f"at most {most}"


def no_probability_too_small_for_sixteen_bits(experiment: Experiment) -> Answers:
    """Ask that every probability an act is met with keeps its value within 1 % in 16 bits."""
    gain, strain = highest_gain(experiment), mean_strain(experiment.arms[0].assumptions)
    for act in experiment.arms[0].assumptions.acts:
        factors = gradient_of(act)
        least = min(factors) / max(factors)
        lowest = {
            "rewarded": 1 / gain, "reporting": 1 / gain, "strained": 2 * strain - 1,
            "afforded": 1 / (2 * gain),
        }  # fmt: skip
        least *= lowest.get(act.response, Decimal(1))
        if least < COARSEST:
            yield f"acts.{act.id}", f"a probability of {least:.2g}", f"at least {COARSEST:.2g}"
    for arm in experiment.arms:
        if arm.is_baseline:
            continue
        assumptions = arm.assumptions
        blocks = blocks_of(assumptions.channels)
        places = [(block, lenses_of(assumptions, block)) for block in blocks]
        for act in assumptions.acts:
            for block, lenses in places:
                seen = chance_seen(act, lenses)
                if 0 < seen < COARSEST:
                    yield (
                        f"arms.{arm.name}.acts.{act.id}.seen_by",
                        f"a chance of {seen:.2g} to be seen in {block.place} places",
                        f"0, or at least {COARSEST:.2g}: 16 bits hold no less within 1 %",
                    )
        shares = [
            (f"detection.{c.id}.wrong_person", sum(wrong_of(c), Decimal(0)))
            for c in assumptions.channels
        ]
        shares += [(f"records.{d.id}.loss", decimal(d.loss.value)) for d in assumptions.departments]
        for path, share in shares:
            if 0 < share < COARSEST:
                yield (
                    f"arms.{arm.name}.{path}",
                    f"a chance of {share:.2g}",
                    f"0, or at least {COARSEST:.2g}: 16 bits hold no less within 1 %",
                )


def no_more_than_the_tables_hold(experiment: Experiment) -> Answers:
    """Ask that acts, channels, counters, lists and grades fit the bits and codes they have."""
    shared = experiment.arms[0].assumptions
    most = [
        ("acts", len(shared.acts), MOST_TYPES),
        ("detection.channels", len(shared.channels), N_CHANNELS),
        ("counters", len(shared.counters), MOST_COUNTERS),
        ("records.departments", len(shared.departments), MOST_DEPARTMENTS),
    ]
    for arm in experiment.arms:
        stem = f"arms.{arm.name}"
        most.append((f"{stem}: lists", len(lists_of(arm)), N_LISTS))
        most.append((f"{stem}: scored rulebooks", len(scored(arm)), MOST_INSTRUMENTS))
        most += [
            (f"{stem}: grades of {b.rulebook}", len(grades_of(b)), N_GRADES) for b in scored(arm)
        ]
    for where, there, limit in most:
        if there > limit:
            yield where, f"{there} of them", f"at most {limit}"
    patches = len(patches_of(shared.channels))
    if patches > MOST_PATCHES:
        yield (
            "detection.channels",
            f"{patches} channels that are not everywhere",
            f"at most {MOST_PATCHES}",
        )
    if len(shared.channels) != N_CHANNELS:
        yield "detection.channels", f"{len(shared.channels)} channels", f"exactly {N_CHANNELS}"


def the_first_arm_is_a_baseline(experiment: Experiment) -> Answers:
    """Ask that the first arm scores nobody, because effects are told against it."""
    if not experiment.arms[0].is_baseline:
        yield (
            "arms",
            f"the first arm, `{experiment.arms[0].name}`, has rulebooks",
            "`rulebooks: []`",
        )


def strain_is_the_same_in_every_arm(experiment: Experiment) -> Answers:
    """Ask that want moves conduct alike in every arm: it is conduct, not policy."""
    strains = {arm.assumptions.response["strain"].value for arm in experiment.arms}
    if len(strains) > 1:
        yield "response.strain", "differs between arms", "one value for all arms"


def one_count_ground_a_list(experiment: Experiment) -> Answers:
    """Ask that a list has one count and one window at most."""
    for arm in experiment.arms:
        for use in arm.rulebooks:
            for provision in use.rulebook.provisions:
                if isinstance(provision, Listing):
                    counts = {
                        (ground.count, ground.within_days)
                        for ground in provision.grounds
                        if ground.count is not None
                    }
                    if len(counts) > 1:
                        yield (
                            f"arms.{arm.name}.{use.rulebook.rulebook}.{provision.id}",
                            "several grounds that count entries",
                            "one count and one window; put the others on a list of their own",
                        )


def campaigns_stay_within_the_envelope(experiment: Experiment) -> Answers:
    """Ask that what campaigns raise still fits under the rates that bound all arms.

    Only praised acts have room above the rate without a scheme: the largest gain of gaming in any
    arm. Campaigns of several rulebooks at once are taken together.
    """
    room = highest_gain(experiment)
    responses = {act.id: act.response for act in experiment.arms[0].assumptions.acts}
    for arm in experiment.arms:
        gain = decimal(arm.assumptions.response["gaming_gain"].value) if scored(arm) else 1
        carries, factors = carried(arm.assumptions), dict[str, Decimal]()
        for use in arm.rulebooks:
            for provision in use.rulebook.provisions:
                if isinstance(provision, Campaign):
                    change = decimal(provision.change) * carries[provision.by]
                    for act in provision.acts:
                        factors[act] = factors.get(act, Decimal(1)) * (1 + max(change, Decimal(0)))
        for act, factor in factors.items():
            is_praised = responses[act] in {"rewarded", "reporting"}
            if factor > 1 and (not is_praised or factor * gain > room):
                right = f"only praised acts can rise, and no more than {room / gain:.2f} times"
                yield (
                    f"arms.{arm.name}",
                    f"campaigns make `{act}` {factor:.2f} times as many",
                    right,
                )


def a_channel_s_provinces_are_known(experiment: Experiment) -> Answers:
    """Ask that of a channel's provinces the society has all or, being another country, none."""
    known = {row.province for row in experiment.society.provinces}
    for channel in experiment.arms[0].assumptions.channels:
        strange = sorted(set(channel.where or ()) - known)
        if strange and len(strange) < len(set(channel.where or ())):
            yield (
                f"detection.{channel.id}.where",
                f"unknown province `{strange[0][:60]}`",
                "provinces of the society",
            )
