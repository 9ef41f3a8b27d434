"""The benchmark's figures as a table, and what they mean in words."""

from __future__ import annotations

from typing import Any

AT_LEAST = ("mesa_ratio", "thread_ratio", "random_share")
RATIOS = {
    "mesa_ratio": "speed over Mesa 3, one core each",
    "thread_ratio": "speed of two threads over one",
    "size_ratio": "cost of a person-month, largest society over smallest",
    "types_ratio": "cost of a person-month, many act types over the scenario's own",
    "card_ratio": "speed of a graphics card over one core",
    "streamed_ratio": "cost of a person-month, in files over in memory",
    "random_share": "random numbers alone, in person-months",
    "memory_share": "moving the columns alone, in person-months",
}
SECONDS = {
    "cold_start_seconds": "first month over, compiling",
    "cached_start_seconds": "first month over, from the cache",
    "help_seconds": "glasshouse --help",
    "load_820_seconds": "a rulebook of 820 provisions read",
}
BYTES = {
    "static_a_person": "static columns, a person",
    "state_a_person_and_arm": "state, a person and arm",
    "outcome_a_person_and_arm": "outcome, a person and arm",
    "entries_allocated_a_person_and_arm": "open entries as allocated, a person and arm",
    "entries_used_a_person_and_arm": "open entries as used",
    "listings_allocated_a_person_and_arm": "open listings as allocated, a person and arm",
    "listings_used_a_person_and_arm": "open listings as used",
    "frame_a_worker": "work arrays, a worker",
    "counts_a_worker": "counts of a step, a worker",
}
LAPS_TOLD = {
    "candidates_counted": ("conduct", "how many acts each could do"),
    "candidates_placed": ("conduct", "a place for each candidate act"),
    "candidates_drawn": ("conduct", "random numbers of the candidate acts"),
    "candidates_screened": ("conduct", "candidate acts screened"),
    "candidates_gathered": ("conduct", "possible acts gathered"),
    "responses_weighed": ("conduct", "what each row's responses do to its acts"),
    "watch": ("detection", "who is watched"),
    "carried_out": ("conduct, detection", "acts carried out, and seen"),
    "fates_drawn": ("record", "random numbers of the acts seen"),
    "reached_back": ("record", "files that move, rules that reach back"),
    "recorded": ("record", "entries written down, and what they are worth"),
    "threats": ("record", "breaches, bribes, stale copies"),
    "scored": ("scoring", "scores and grades"),
    "friends_left": ("standing", "opponents listed, friends who leave"),
    "listings_lived": ("standing", "listings lived through"),
    "enrolment": ("standing", "consent, leaving, who is enrolled"),
    "counters_closed": ("consequence", "which counters are closed to whom"),
    "went_to_counters": ("consequence", "attempts at counters"),
    "kept_waiting": ("consequence", "queues"),
    "looked_around": ("response", "what each sees of others"),
    "responded": ("response", "what each changes"),
    "trusted": ("response", "trust and approval"),
    "counted": ("counts", "persons counted"),
}
"""Each lap of a month: the stage of the model, and what it does."""


def told(result: dict[str, Any]) -> str:
    """Give the figures as a table, where the time goes as another, and words under them."""
    tables = [figures_told(result), laps_told(result["laps"])]
    return "\n".join(line for table in tables for line in (*table, "")) + "\n".join(words(result))


def laps_told(laps: dict[str, Any]) -> list[str]:
    """Give the shares of a month by stage and lap, as lines."""
    if not laps["month"]:
        return ["Where the time goes: this processor has no clock that a program can read."]
    stages: dict[str, float] = {}
    for name, share in laps["month"].items():
        stage = LAPS_TOLD[name][0]
        stages[stage] = stages.get(stage, 0.0) + share
    rows: list[tuple[str, ...]] = [("where a month goes", "share", "of which")]
    for stage in sorted(stages, key=lambda one: -stages[one]):
        rows.append((stage, f"{stages[stage]:.1%}", ""))
        rows += [
            ("", f"{share:.1%}", LAPS_TOLD[name][1])
            for name, share in laps["month"].items()
            if LAPS_TOLD[name][0] == stage and share >= SEEN_FROM
        ]
    return lined_up(rows)


SEEN_FROM = 0.01
"""Laps below this share of a month have no line of their own."""


def figures_told(result: dict[str, Any]) -> list[str]:
    """Give the figures with their spreads and goals, as lines."""
    goals, spreads = result["goals"], result["spreads"]
    rows: list[tuple[str, ...]] = [("figure", "measured", "of the pairs", "goal")]
    for name, title in RATIOS.items():
        if name not in result:
            continue
        value = result[name]
        if value is None:
            rows.append((title, NOT_MEASURED[name], "", ""))
            continue
        spread = spreads[name]
        between = f"{spread['lowest']:.2f} to {spread['highest']:.2f} of {spread['pairs']}"
        goal = ""
        if name in goals:
            goal = f"at {'least' if name in AT_LEAST else 'most'} {goals[name]:g}"
        if name == "size_ratio":
            goal = f"{2 - goals[name]:g} to {goals[name]:g}"
        rows.append((title, f"{value:.2f}", between, goal))
    for name, title in SECONDS.items():
        if name in result:
            rows.append((title, f"{result[name]:.2f} s", "", f"at most {goals[name]:g} s"))
    for name, title in BYTES.items():
        goal = f"at most {goals[name]:g}" if name in goals else ""
        rows.append((f"bytes: {title}", f"{result['bytes'][name]:,.1f}", "", goal))
    families = result.get("families", {})
    for name, ratio in families.items():
        between = f"{ratio['lowest']:.2f} to {ratio['highest']:.2f} of {ratio['pairs']}"
        rows.append((f"cost with {name} on, over as-told", f"{ratio['value']:.2f}", between, ""))
    return lined_up(rows)


NOT_MEASURED = {"thread_ratio": "not measured: one core", "card_ratio": "untested"}
"""What stands in the place of a ratio that this machine cannot give."""


def lined_up(rows: list[tuple[str, ...]]) -> list[str]:
    """Give the rows as lines whose columns line up, the first one underlined."""
    wide = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    ruled = [rows[0], tuple("-" * w for w in wide), *rows[1:]]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(row, wide, strict=True)).rstrip()
        for row in ruled
    ]


def words(result: dict[str, Any]) -> list[str]:
    """Say what was measured, on what, and what the figures do not say."""
    here = result["machine"]
    vectors = [n for n, there in (("AVX2", here["avx2"]), ("AVX-512", here["avx512"])) if there]
    versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
    memory = f"{here['memory_bytes'] / 1e9:.0f} GB"
    able = " and ".join(vectors) or "no AVX2"
    blocks = result["blocks"]
    often = ", ".join(f"{n:.2f} {name}" for name, n in list(blocks.items())[:OFTEN])
    return [
        f"Unit: {result['unit']}.",
        "The scenario is as-told, its baseline and its policy arm in one pass, one step a month.",
        *(compared(result) if "mesa_ratio" in result else ()),
        f"Random numbers: {sum(blocks.values()):.2f} blocks a person-month, most of them for",
        f"{often}.",
        f"Columns: at most {result['bytes_moved']:.0f} bytes read and written a person-month.",
        f"Laying a society out takes {result['laps']['laying_out']:.2f} of a month.",
        f"Machine: {here['processor']}, {here['cores']} cores, {able}, {memory}; {result['date']}.",
        f"Versions: {versions}. The whole took {result['seconds']:.0f} s.",
    ]


def once_a_step(sizes: dict[str, float]) -> float:
    """Give what a step costs whatever its people, in people, from the cost at the two smallest.

    With c a person and f a step, c + f / n is what a person costs among n.
    """
    (few, dear), (many, cheap) = sorted((int(size), cost) for size, cost in sizes.items())[:2]
    step = (dear - cheap) / (1 / few - 1 / many)
    return max(0.0, step / (dear - step / few))


OFTEN = 4
"""Purposes of random numbers that are told."""


def compared(result: dict[str, Any]) -> list[str]:
    """Say what the figures compare with."""
    own, many = result["types"]
    flat = ", ".join(f"{cost:.2f} at {int(size):,}" for size, cost in result["sizes"].items())
    return [
        "The Mesa model has the same rules, runs both arms in one model and skips events too; its",
        "counts agree with ours within Monte Carlo error (tests/bench). Ratios to Mesa, of sizes",
        "and of types compare processor time, threads compare the clock on the wall.",
        f"Cost of a person-month by people, the smallest as 1: {flat}.",
        f"A step costs besides its people as much as {once_a_step(result['sizes']):,.0f} of them.",
        f"Act types: the scenario's {own}, and the same work under {many} names.",
        f"In files: {result['bytes_in_files']:.1f} bytes a person.",
        f"A graphics card: {result['card']}.",
    ]
