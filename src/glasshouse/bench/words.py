"""The benchmark's figures as a table, and what they mean in words."""

from __future__ import annotations

from typing import Any

AT_LEAST = ("mesa_ratio", "thread_ratio")
RATIOS = {
    "mesa_ratio": "speed over Mesa 3, one core each",
    "thread_ratio": "speed of two threads over one",
    "size_ratio": "cost of a person-month, largest society over smallest",
    "types_ratio": "cost of a person-month, many act types over the scenario's own",
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


def told(result: dict[str, Any]) -> str:
    """Give the figures as a table with words under it."""
    goals, spreads = result["goals"], result["spreads"]
    rows: list[tuple[str, ...]] = [("figure", "measured", "of the pairs", "goal")]
    for name, title in RATIOS.items():
        value = result[name]
        if value is None:
            rows.append((title, "not measured: one core", "", ""))
            continue
        spread = spreads[name]
        between = f"{spread['lowest']:.2f} to {spread['highest']:.2f} of {spread['pairs']}"
        goal = f"at least {goals[name]:g}" if name in AT_LEAST else f"at most {goals[name]:g}"
        if name == "size_ratio":
            goal = f"{2 - goals[name]:g} to {goals[name]:g}"
        rows.append((title, f"{value:.2f}", between, goal))
    for name, title in SECONDS.items():
        rows.append((title, f"{result[name]:.2f} s", "", f"at most {goals[name]:g} s"))
    for name, title in BYTES.items():
        goal = f"at most {goals[name]:g}" if name in goals else ""
        rows.append((f"bytes: {title}", f"{result['bytes'][name]:,.1f}", "", goal))
    families = result.get("families", {})
    for name, ratio in families.items():
        between = f"{ratio['lowest']:.2f} to {ratio['highest']:.2f} of {ratio['pairs']}"
        rows.append((f"cost with {name} on, over as-told", f"{ratio['value']:.2f}", between, ""))
    return "\n".join((*lined_up(rows), "", *words(result)))


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
    own, many = result["types"]
    vectors = [n for n, there in (("AVX2", here["avx2"]), ("AVX-512", here["avx512"])) if there]
    flat = ", ".join(f"{cost:.2f} at {int(size):,}" for size, cost in result["sizes"].items())
    versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
    memory = f"{here['memory_bytes'] / 1e9:.0f} GB"
    able = " and ".join(vectors) or "no AVX2"
    return [
        f"Unit: {result['unit']}.",
        "The scenario is as-told, its baseline and its policy arm in one pass, one step a month.",
        "The Mesa model has the same rules, runs both arms in one model and skips events too; its",
        "counts agree with ours within Monte Carlo error (tests/bench). Ratios to Mesa, of sizes",
        "and of types compare processor time, threads compare the clock on the wall.",
        f"Cost of a person-month by people, the smallest as 1: {flat}.",
        f"Act types: the scenario's {own}, and the same work under {many} names.",
        f"Machine: {here['processor']}, {here['cores']} cores, {able}, {memory}; {result['date']}.",
        f"Versions: {versions}. The whole took {result['seconds']:.0f} s.",
    ]
