"""Write docs/studies.md and its figures from finished studies.

``python tools/write_studies.py FOLDER`` takes a folder with a study directory for each study, as
``glasshouse study run NAME --out FOLDER/NAME`` leaves them, and writes the answers of all. They are
measured and not made with `make docs`: running the ten takes minutes.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path
from typing import Any

from glasshouse.experiment.study.results import how_sure
from glasshouse.experiment.study.study_result import StudyResult
from glasshouse.law.library import Library

DOCS = Path(__file__).resolve().parent.parent / "docs"
FIGURES = DOCS / "figures"

HEAD = """# Ten studies

Ten questions that people bring, each a folder in the room `studies`: the question, who asks it, the
scenarios that are run, what is counted, the sentences that say the answer, a figure, what would change
it, what it cannot say. `glasshouse study list` names them, `glasshouse study show NAME` explains one,
`glasshouse study run NAME` runs it; `--people`, `--years` and `--seeds` make it as large as one likes.
In Python: `gh.study("wrongly-listed", people=100_000).answer()`.

The numbers of a sentence come from the study's own runs and from nowhere else: a sentence with a digit of
its own is refused ([why](decisions/0022-a-sentence-holds-no-number-of-its-own.md)). In brackets stand 95 %
intervals between seeds. What nobody knows of the assumptions is another thing and stands under *What would
change it*: one assumption at a time, at both ends of its range. For all at once there is
`glasshouse sensitivity`.

"""  # noqa: E501 - a page is as wide as the others of docs/

TAIL = """## A study of your own

Copy a folder of the room, such as `src/glasshouse/data/studies/wrongly-listed`, give folder and `study:` the
same new name, and run it by its path: `glasshouse study run my-study`. Beside `study.yaml` may lie a scenario
file of its own.

| key | says |
| --- | --- |
| `question`, `why` | what is asked, and who asks it, with the source |
| `people`, `years`, `seeds` | the size that is run unless one is asked for |
| `designs` | scenarios, the arms that are compared with words for each, the metrics, groups (`by`), values (`set`) |
| `numbers` | a cell of the results (metric, arm, part, group), or its paired difference `against` another |
| `choices` | arms picked by harm: `less harm than` another arm beyond chance, or `undominated` |
| `answer` | sentences with places `{name}`; with `decides`, one for each side of zero and one for neither; `unknown` where a number is not defined |
| `figure` | panels of dots over arms, parts or groups, and the words under it |
| `change` | assumptions that are swung to the ends of their range, and for which numbers |
| `cannot` | what the study cannot say |

A place is written `{name}` (with its interval), `{name.value}`, `{name.size}` (without its sign), `{name.low}` or
`{name.high}`; a choice `{name}`, `{name.names}` or `{name.first}`.
"""  # noqa: E501 - the rows of a table are lines


def page(folder: Path) -> str:
    """Give the page of all studies that are finished in a folder; each must be there."""
    lines = [HEAD]
    for name in Library().names("studies"):
        result = StudyResult(folder / name)
        FIGURES.mkdir(exist_ok=True)
        (FIGURES / f"{name}.svg").write_text(result.figure().svg, encoding="utf-8")
        made = dt.datetime.fromtimestamp((folder / name / "study.json").stat().st_mtime, dt.UTC)
        lines += answer(name, result.said, made.date())
    return "\n".join(lines) + TAIL


def answer(name: str, said: Any, day: dt.date) -> list[str]:
    """Give the section of one study."""
    asked = said["asked"]
    runs = " and ".join(dict.fromkeys(one["scenario"] for one in said["designs"]))
    return [
        f"## {name}: {said['title']}",
        "",
        f"*{said['question']}*",
        "",
        *(line for sentence in said["answer"] for line in (f"* {sentence}",)),
        "",
        f"![{said['figure']['words']}](figures/{name}.svg)",
        "",
        said["figure"]["words"],
        "",
        f"Run on {day} with seeds 1 to {asked['seeds']} of the scenario `{runs}`. "
        + " ".join(how_sure(said)),
        "",
        "What would change it:",
        "",
        *(swing_line(sentence) for sentence in said["change"]["sentences"]),
        "",
        "What it cannot say: " + " ".join(said["cannot"]),
        "",
    ]


def swing_line(sentence: str) -> str:
    """Give a line of a swing as an item, its paths as code."""
    text = re.sub(r"\(([a-z_]+(?:\.[a-z_-]+)+),", r"(`\1`,", sentence.strip())
    return f"  * {text}" if sentence.startswith("  ") else f"* {text}"


if __name__ == "__main__":
    (DOCS / "studies.md").write_text(page(Path(sys.argv[1])), encoding="utf-8")
    print("wrote docs/studies.md and its figures")
