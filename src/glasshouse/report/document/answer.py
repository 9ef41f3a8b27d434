"""The first screen: what the run answers, in sentences that carry their intervals.

The questions are those that people bring: how many are listed and how many of them wrongly, how
long until they are free, who is refused, what moved in conduct and what only in the record, what
fell silent. Each sentence is filled from metric rows; where a number is not known it is not said.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from glasshouse.metrics.estimate import FEW_GROUPS
from glasshouse.report.document.numbers import Number, in_words
from glasshouse.report.parentage import with_days
from glasshouse.report.rare import rare_of, rare_sentences
from glasshouse.report.words import NO_MOVE, listing, of, way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from glasshouse.archive.provenance import RulebookUsed
    from glasshouse.report.document.gathered import Group
    from glasshouse.report.document.numbers import Key

MOST_ARMS_APART = 2
"""Above so many policy arms a sentence tells of all arms, one question each."""

MOST_ARMS_IN_SENTENCES = 4
"""Above so many a sentence tells the lowest and the highest, and a table all of them."""

MOST_DRAWN = 4
"""Above so many policy arms the figures show some of them."""

YEAR = "wrongly listed, within 364 days"
_PLACE = re.compile(r"\{(\w+)\}")


class Piece(NamedTuple):
    """Some words of a sentence, and what they are: plain words, a number, its interval, a name."""

    text: str
    kind: str = ""


Sentence = tuple[Piece, ...]


class ArmAnswer(NamedTuple):
    """What is said of one arm."""

    arm: str
    rules: str
    """What is in force in it."""
    sentences: tuple[Sentence, ...]


class ArmTable(NamedTuple):
    """The same numbers of many arms: one row an arm."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Arm, then number and interval by question."""


class Answer(NamedTuple):
    """The answer of a group of runs."""

    arms: tuple[ArmAnswer, ...]
    across: tuple[Sentence, ...]
    """From which arm to which, where there are many."""
    table: ArmTable | None
    how_sure: tuple[str, ...]


def filled(template: str, numbers: Mapping[str, Number | str], *, size: bool = False) -> Sentence:
    """Fill the places of a sentence: numbers followed by their intervals, and names of arms."""
    pieces: list[Piece] = []
    end = 0
    for match in _PLACE.finditer(template):
        pieces.append(Piece(template[end : match.start()]))
        end = match.end()
        found = numbers[match[1]]
        if isinstance(found, str):
            pieces.append(Piece(found, "name"))
            continue
        text, interval = in_words(found, size=size)
        pieces.append(Piece(text, "number"))
        if interval:
            pieces += [Piece(" "), Piece(interval, "interval")]
    pieces.append(Piece(template[end:]))
    return tuple(piece for piece in pieces if piece.text)


def plain(sentence: Sentence) -> str:
    """The sentence as text."""
    return "".join(piece.text for piece in sentence)


class Asked:
    """The numbers of one arm, by the name of the metric and its part."""

    def __init__(self, numbers: Mapping[Key, Number], arm: str) -> None:
        """Keep the numbers and whose they are."""
        self.numbers, self.arm = numbers, arm

    def __call__(self, metric: str, part: str = "") -> Number | None:
        """The number, or None where it is not known."""
        found = self.numbers.get((self.arm, metric, part))
        return found if found is not None and found.is_known else None

    def why(self, metric: str, part: str = "") -> str:
        """Why a number is not known, as the metric says it."""
        found = self.numbers.get((self.arm, metric, part))
        return "" if found is None else found.why


def listed(asked: Asked) -> Sentence | None:
    """How many are listed, and how many of them wrongly."""
    share, wrong = asked("listed_share"), asked("wrongful_listing_share")
    if share is None:
        return None
    if share.value == 0:
        return (Piece("Nobody was listed."),)
    if wrong is None:
        return filled("{share} of people were on a list for at least a day.", {"share": share})
    senses = {
        words: found
        for part, words in (
            ("not theirs", "{n} for what was not theirs"),
            ("could not", "{n} though they could not comply"),
            ("lawful", "{n} for a lawful act"),
        )
        if (found := asked("wrongful_listing_share", part)) is not None and found.value > 0
    }
    said = (
        "{share} of people were on a list for at least a day. Of these {wrong} were wrongly listed"
    )
    numbers: dict[str, Number | str] = {"share": share, "wrong": wrong}
    parts = [words.replace("{n}", f"{{sense{k}}}") for k, words in enumerate(senses)]
    numbers |= {f"sense{k}": found for k, found in enumerate(senses.values())}
    if parts:
        several = ", some in more than one sense" if len(parts) > 1 else ""
        said += f": {listing(parts)}{several}"
    return filled(f"{said}.", numbers)


def free(asked: Asked) -> Sentence | None:
    """How long until the wrongly listed are free, and for whom there is no way out."""
    within, median = asked("free_in_time_share", YEAR), asked("days_to_remedy", "wrongly listed")
    unheard, silent = asked("no_way_out_share", "unheard"), asked("silent_day_share")
    parts: list[str] = []
    numbers: dict[str, Number | str] = {}
    if within is not None:
        parts.append("Of wrong listings {within} were over and put right within a year")
        numbers["within"] = within
        if median is not None:
            parts[0] += "; the median is {median} days"
            numbers["median"] = median
        elif "fewer than half" in asked.why("days_to_remedy", "wrongly listed"):
            parts[0] += "; fewer than half were by the end of the run"
    if unheard is not None and unheard.value > 0:
        parts.append("Of wrong listings in force at the end {unheard} could be contested nowhere")
        numbers["unheard"] = unheard
    if silent is not None:
        parts.append("On {silent} of the days on lists the people did not know of it")
        numbers["silent"] = silent
    return filled(f"{'. '.join(parts)}.", numbers) if parts else None


def refused(asked: Asked) -> Sentence | None:
    """Refusals against people."""
    share, each = asked("refused_share"), asked("refusals_per_person_refused")
    if share is None:
        return None
    if share.value == 0:
        return (Piece("Nobody was refused at a counter."),)
    if each is None:
        return filled("{share} of people were refused at a counter.", {"share": share})
    return filled(
        "{share} of people were refused at a counter, {each} times each.",
        {"share": share, "each": each},
    )


def conduct(asked: Asked) -> Sentence | None:
    """What moved in conduct: what the rules name, and what they do not."""
    moves = [
        ("punished", "acts that the rules punish"),
        ("praised", "acts that they reward"),
        ("unrecorded", "culpable acts that no rule names"),
    ]
    pieces: list[Piece] = []
    for part, words in moves:
        found = asked("conduct_change", part)
        if found is None:
            continue
        pieces.append(Piece("; " if pieces else ""))
        head = words if len(pieces) > 1 else words.capitalize()
        moved = way(found.value, found.low, found.high)
        if moved in {"still", "hardly"}:
            pieces.append(Piece(f"{head} {'did not change' if moved == 'still' else NO_MOVE}"))
        elif moved == "perhaps":
            pieces += filled(f"{head} moved by {{n}}, which may be chance", {"n": found})
        else:
            verb = "rose" if moved == "up" else "fell"
            pieces += filled(f"{head} {verb} by {{n}}", {"n": found}, size=True)
    if not pieces:
        return None
    return tuple(piece for piece in (*pieces, Piece(".")) if piece.text)


def silence(asked: Asked) -> Sentence | None:
    """Lawful acts that went undone."""
    share = asked("chilling_share")
    if share is None:
        return None
    what = "lawful sensitive acts (petitions, complaints, comments, faith)"
    went = way(share.value, share.low, share.high)
    if went == "still":
        return (Piece(f"No {what} went undone."),)
    if went == "hardly":
        return (Piece(f"The number of {what} {NO_MOVE}."),)
    if share.value < 0:
        return filled(f"There were {{n}} more {what}.", {"n": share}, size=True)
    return filled(f"{{n}} of {what} went undone.", {"n": share})


def apart(asked: Asked) -> Sentence | None:
    """How many people rival scores grade differently, where there are such scores."""
    share = asked("graded_apart_share", "within the arm")
    if share is None:
        return None
    return filled("Rival scores put {n} of those whom they grade into different grades.",
                  {"n": share})  # fmt: skip


QUESTIONS: tuple[Callable[[Asked], Sentence | None], ...] = (
    listed, free, refused, apart, conduct, silence,
)  # fmt: skip

COLUMNS: tuple[tuple[str, str, str, str], ...] = (
    ("listed_share", "", "Listed", "Of people, listed"),
    ("wrongful_listing_share", "", "Of these wrongly", "Of the listed, wrongly listed"),
    ("free_in_time_share", YEAR, "Wrong, over within a year",
     "Of wrong listings, over and put right within a year"),
    ("refused_share", "", "Refused", "Of people, refused at a counter"),
    ("conduct_change", "punished", "Punished acts", "Punished acts, how they moved"),
    ("conduct_change", "unrecorded", "Culpable acts that no rule names", ""),
    ("chilling_share", "", "Gone silent", "Of lawful sensitive acts, gone undone"),
)  # fmt: skip
"""Of many arms: metric, part, the head of its column, and the head of a sentence about it."""


def answer_of(group: Group, numbers: Mapping[Key, Number]) -> Answer:
    """Answer for every policy arm; many arms stand in a table."""
    arms = group.policies
    told: list[ArmAnswer] = []
    across: list[Sentence] = []
    for arm in arms:
        asked = Asked(numbers, arm)
        said: tuple[Sentence, ...] = ()
        if len(arms) <= MOST_ARMS_APART:
            said = tuple(s for question in QUESTIONS if (s := question(asked)) is not None)
        if len(group.archives) == 1:
            said += tuple((Piece(words),) for words in rare_in(group, arm))
        told.append(ArmAnswer(arm, rules_of(group, arm), said))
    if len(arms) > MOST_ARMS_APART:
        found = (compared(arms, numbers, *column) for column in COLUMNS)
        across = [sentence for sentence in found if sentence is not None]
    table = None
    if len(arms) > MOST_ARMS_IN_SENTENCES:
        table = table_of({arm: Asked(numbers, arm) for arm in arms})
    return Answer(tuple(told), tuple(across), table, tuple(how_sure(group, numbers)))


def rare_in(group: Group, arm: str) -> list[str]:
    """What is rare in an arm, where the run is large enough to see it."""
    place = [one.arm for one in group.said.legend.arms].index(arm)
    stands_for = group.experiment.society.persons / group.said.people
    return rare_sentences(rare_of(group.first, place), stands_for)


def rules_of(group: Group, arm: str) -> str:
    """What is in force in an arm, by the titles of its rulebooks."""
    (used,) = (one for one in group.said.arms if one.arm == arm)
    scenario = group.experiment.scenario
    run = scenario.first_day, scenario.end_day
    titles = list(dict.fromkeys(_title(book, run) for book in used.rulebooks))
    if not titles:
        return "Nobody is scored."
    more = f" and {of(len(titles) - 3, 'rulebook')} more" if len(titles) > 4 else ""
    shown = titles if len(titles) <= 4 else titles[:3]
    guarded = f" Safeguards: {', '.join(used.safeguards)}." if used.safeguards else ""
    return f"In force: {'; '.join(shown)}{more}.{guarded}"


def _title(book: RulebookUsed, run: tuple[dt.date, dt.date]) -> str:
    """The title of a rulebook, with the days from and until which the arm has it."""
    days = book.from_day, book.until_day
    begins, ends = (None if day is None else dt.date.fromisoformat(day) for day in days)
    return with_days(book.title, begins, ends, run)


def table_of(asked: Mapping[str, Asked]) -> ArmTable:
    """The numbers of the first screen, one row an arm; columns that no arm has are left out."""
    kept = [c for c in COLUMNS if any(one(c[0], c[1]) for one in asked.values())]
    rows = []
    for name, one in asked.items():
        found = [one(metric, part) for metric, part, _, _ in kept]
        rows.append((name, tuple(("unknown", "") if n is None else in_words(n) for n in found)))
    return ArmTable(("Arm", *(head for _, _, head, _ in kept)), tuple(rows))


def side_by_side(groups: Sequence[tuple[Group, Mapping[Key, Number]]]) -> ArmTable | None:
    """The same numbers of all arms of all groups, where there are several groups."""
    if len(groups) < 2:
        return None
    return table_of(
        {
            f"{group.name}: {arm}": Asked(numbers, arm)
            for group, numbers in groups
            for arm in group.policies
        }
    )


def compared(
    arms: Sequence[str], numbers: Mapping[Key, Number], metric: str, part: str, _: str, head: str
) -> Sentence | None:
    """One number in all arms, or the lowest and the highest where there are many of them."""
    found = {arm: n for arm in arms if (n := Asked(numbers, arm)(metric, part)) is not None}
    if len(found) < 2 or not head:
        return None
    low = min(found, key=lambda arm: found[arm].value)
    high = max(found, key=lambda arm: found[arm].value)
    if found[low].value == found[high].value:
        return filled(f"{head}: {{n}} in every arm.", {"n": found[low]})
    if len(arms) > MOST_ARMS_IN_SENTENCES:
        overlap = found[low].high >= found[high].low
        more = "; these two intervals overlap" if overlap else ""
        return filled(
            f"{head}: from {{low}} in {{first}} to {{high}} in {{last}}{more}.",
            {"low": found[low], "high": found[high], "first": low, "last": high},
        )
    filling: dict[str, Number | str] = {f"n{k}": n for k, n in enumerate(found.values())}
    filling |= {f"arm{k}": arm for k, arm in enumerate(found)}
    places = [f"{{n{k}}} in {{arm{k}}}" for k in range(len(found))]
    return filled(f"{head}: {listing(places)}.", filling)


def drawn_arms(arms: Sequence[str], numbers: Mapping[Key, Number]) -> tuple[str, ...]:
    """The arms that figures show: all, or where they are many the first and those at an end.

    An end is the lowest or the highest of a number of the first screen.
    """
    if len(arms) <= MOST_DRAWN:
        return tuple(arms)
    chosen = {arms[0]: None}
    for metric, part, _, head in COLUMNS:
        found = {arm: n for arm in arms if (n := Asked(numbers, arm)(metric, part)) is not None}
        if head and found:
            values = {arm: number.value for arm, number in found.items()}
            chosen[min(values, key=values.__getitem__)] = None
            chosen[max(values, key=values.__getitem__)] = None
    kept = list(chosen)[:MOST_DRAWN]
    return tuple(arm for arm in arms if arm in kept)


def how_sure(group: Group, numbers: Mapping[Key, Number]) -> list[str]:
    """What kind of interval stands in brackets, and what it leaves out."""
    if len(group.seeds) > 1:
        kind = (
            f"In brackets: 95 % intervals of the mean over {len(group.seeds)} seeds (Student's t)."
        )
    else:
        kind = (
            "In brackets: 95 % intervals over groups of communities of this one run (over "
            "provinces for what is counted by province). They leave out how far another seed "
            "would move a number."
        )
    if not any(number.has_interval for number in numbers.values()):
        kind = "There are no intervals: there is one group of communities alone."
    few = any("rough" in number.why for number in numbers.values())
    rough = f" Some rest on fewer than {FEW_GROUPS} groups and are rough: run more people."
    return [
        kind + (rough if few else ""),
        "None of them holds what nobody knows of the assumptions.",
        "These are comparisons under stated assumptions, not forecasts.",
    ]
