"""Caution, silence, gaming, habit and trust: all 0 .. 65535, all moved by what a person knows."""

from __future__ import annotations

from glasshouse.kernel import i64, kernel

HALF_TRUST = 32768
"""Trust in strangers at the start, to which it comes back by itself: neither way."""


@kernel
def faded(level: int, fades: int) -> int:
    """Give a level after fading by ``fades`` / 2**16, rounded so that it reaches zero."""
    return level - ((level * fades + 65535) >> 16)


@kernel
def raised(level: int, gain: int) -> int:
    """Give a level raised by ``gain`` / 2**16 of what is still missing (gain up to 65535)."""
    return level + (((65535 - level) * gain) >> 16)


@kernel
def habit_after(habit: int, caution: int, forms: int, fades: int) -> int:
    """Give the habit: it follows caution upward at ``forms`` and fades slowly when caution ends."""
    return habit + (((caution - habit) * forms) >> 16) if caution > habit else faded(habit, fades)


@kernel
def deterred_factor(caution: int, habit: int, deterrence: int, keeps: int) -> int:
    """Give the factor on deterred acts: 65535 less the larger of fear's and habit's reduction."""
    return 65535 - max((i64(caution) * deterrence) >> 16, (i64(habit) * keeps) >> 16)


@kernel
def chilled_factor(silence: int, chilling: int) -> int:
    """Give the factor on lawful sensitive acts."""
    return 65535 - ((i64(silence) * chilling) >> 16)


@kernel
def afforded_factor(rewarded: int, means: int) -> int:
    """Give the factor on acts that are paid for: the rewarded one, in proportion to the means."""
    return (i64(rewarded) * i64(means)) >> 16


@kernel
def rising_factor(level: int, base: int, top: int) -> int:
    """Give the factor that rises from ``base`` to ``top`` with a level (all 0 .. 65535)."""
    return base + (((top - base) * i64(level)) >> 16)


@kernel
def felt_entries(entries: int, lost: int, weight: int, severe: int, aversion: int) -> int:
    """Give how many entries (in 1/65536) a person feels: by their number and by the points lost.

    ``weight`` / 65536 of the feeling goes by severity, in which ``severe`` points weigh as one
    entry; the rest by the number alone. Aversion to loss (in 1/65536) makes all of it weigh more.
    """
    felt = i64(entries) * (65536 - weight) + weight * min(lost, 64 * severe) // severe
    return felt + ((felt * aversion) >> 16)


@kernel
def rewarded_factor(gaming: int, crowded: int, crowding: int, base: int, top: int) -> int:
    """Give the factor on praised acts: those done for their own sake, and those for points.

    What is crowded out lowers the former (``base``) alone; gaming adds the latter.
    """
    own = base - ((base * ((i64(crowded) * crowding) >> 16)) >> 16)
    return own + (((top - base) * i64(gaming)) >> 16)


@kernel
def by_distrust(trust: int, moves: int) -> int:
    """Give what distrust moves: ``moves`` where there is no trust, nothing where trust is full."""
    return ((65535 - i64(trust)) * moves) >> 16


@kernel
def lowered_by_distrust(level: int, trust: int, moves: int) -> int:
    """Give a level lowered by up to ``moves`` / 2**16 of it where there is no trust."""
    return level - ((level * by_distrust(trust, moves)) >> 16)


@kernel
def raised_by_distrust(amount: int, trust: int, moves: int) -> int:
    """Give an amount that is higher by up to ``moves`` / 2**16 of it where there is no trust."""
    return amount + ((amount * by_distrust(trust, moves)) >> 16)


@kernel
def strangers_after(level: int, fall: int, rise: int, recovers: int) -> int:
    """Give trust in strangers after a step: lower by breaches, higher by good records.

    All in 1/65536; what was lost or gained besides comes back by itself by ``recovers``.
    """
    moved = raised(faded(level, min(fall, 65535)), min(rise, 65535))
    return moved + (((HALF_TRUST - moved) * recovers) >> 16)


@kernel
def approval_level(
    base: int, trust: int, moves: int, hit: int, lost_if_hit: int, informed: int, lowers: int
) -> int:
    """Give the chance (1/65536) that a person approves of the punishments."""
    level = lowered_by_distrust(base, trust, moves)
    level -= (level * hit * lost_if_hit) >> 16
    return max(level - informed * lowers, 0)


@kernel
def raised_towards(level: int, top: int, gain: int) -> int:
    """Give a level raised by ``gain`` / 2**16 of what is missing to ``top``, and never lowered."""
    return level + ((max(top - level, 0) * min(gain, 65535)) >> 16)
