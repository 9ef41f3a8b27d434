"""How a person of the Mesa model changes by what they know, in one arm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glasshouse.bench.mesa_law import LEVEL
from glasshouse.stages.conduct.conduct_kernel import (
    AFFORDED,
    CHILLED,
    DETERRED,
    REPORTING,
    REWARDED,
    WARNED,
)
from glasshouse.stages.standing.standing_kernel import NEVER

if TYPE_CHECKING:
    from glasshouse.bench.mesa_law import ArmLaw
    from glasshouse.bench.mesa_model import Month
    from glasshouse.bench.mesa_standing import Standing

GONE = 0.5 / LEVEL
"""A level below half a unit of the sweep's columns is none."""


def respond(standing: Standing, law: ArmLaw, month: Month) -> None:
    """Change by what the person knows."""
    s, counts = law.settings, standing.counts
    start, means = standing.person.means_start, standing.means
    if standing.means_lost or means < start:
        left = max(means - standing.means_lost, 0.0)
        standing.means = left + max(start - left, 0.0) * s.means_recovers
        counts.means_sum += standing.means - means
        standing.means_lost = 0.0
        standing.strain(law)
    refused, trust = standing.refused_times, standing.trust
    if refused or trust < 1.0:
        higher = trust + (1.0 - trust) * s.trust_recovers
        standing.trust = max(higher - min(refused, 64) * s.trust_lost_per_refusal, 0.0)
        counts.trust_sum += standing.trust - trust
        standing.refused_times = standing.refused_at = 0
        standing.refused_day = NEVER
    if not standing.aware:
        return
    news = month.news[standing.number]
    ties = standing.person.listed_ties(news) if news else 0
    heard = standing.known + standing.learned
    caution, silence, gaming, habit = (
        standing.caution,
        standing.silence,
        standing.gaming,
        standing.habit,
    )
    if gaming or s.gaming_rises:
        standing.gaming = gaming * (1.0 - s.gaming_fades)
        standing.gaming += (1.0 - standing.gaming) * s.gaming_rises
        counts.gaming_sum += standing.gaming - gaming
        gain = s.rewarded_top - s.rewarded_base
        standing.factors[REWARDED] = s.rewarded_base + gain * standing.gaming
        standing.factors[REPORTING] = standing.factors[REWARDED]
        standing.factors[AFFORDED] = standing.factors[REWARDED] * standing.means
    if caution or heard or ties or habit:
        now = caution * (1.0 - s.caution_fades) if caution > GONE else 0.0
        if heard or ties:
            fear = heard * s.caution_per_entry + ties * s.caution_per_tie_listed
            now += (1.0 - now) * min(fear, 1.0)
        if now > habit:
            standing.habit = habit + (now - habit) * s.habit_forms
        else:
            standing.habit = habit * (1.0 - s.habit_fades) if habit > GONE else 0.0
        standing.caution = now
        counts.caution_sum += now - caution
        counts.habit_sum += standing.habit - habit
        standing.factors[DETERRED] = 1.0 - max(now * s.deterrence, standing.habit * s.habit_keeps)
        standing.factors[WARNED] = standing.factors[DETERRED]
    if silence or ties or standing.known_speech:
        now = silence * (1.0 - s.silence_fades) if silence > GONE else 0.0
        hush = standing.known_speech * s.silence_per_entry + ties * s.silence_per_tie_listed
        standing.silence = now + (1.0 - now) * min(hush, 1.0)
        counts.silence_sum += standing.silence - silence
        standing.factors[CHILLED] = 1.0 - standing.silence * s.chilling
    standing.known = standing.known_speech = standing.learned = 0
