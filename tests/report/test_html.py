"""A report is one file: no script, nothing fetched, the same bytes, and the numbers of the run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from glasshouse.archive.reading import Archive
from glasshouse.errors import BadInput, BadUsage, OutputExists
from glasshouse.law.rooms import packaged_root
from glasshouse.report import html
from glasshouse.report.html import MOST_BYTES, report_of
from glasshouse.report.measured import metric_rows
from glasshouse.report.words import shown
from glasshouse.session import Run, reported, run

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}


class Read(HTMLParser):
    """What a parser sees of a page."""

    def __init__(self, text: str) -> None:
        """Take the page apart."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.words.append(data)


@pytest.fixture(scope="module")
def text(small: Run) -> str:
    """The report of the small country."""
    return report_of([small.archive]).decode()


@pytest.fixture(scope="module")
def read(text: str) -> Read:
    """The same, taken apart."""
    return Read(text)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """The small country under two more seeds, of fewer people."""
    sets = {"community_size": 256}
    return [
        run("pellucid", people=512, years=1, seed=seed, set=sets, device="python",
            out=tmp_path_factory.mktemp("seeds") / f"{seed}")
        for seed in (8, 7)
    ]  # fmt: skip


def test_nothing_in_it_runs_or_is_fetched(text: str, read: Read) -> None:
    """No script, no form, no handler; nothing is loaded from anywhere; the policy says so."""
    banned = {"script", "form", "input", "iframe", "object", "embed", "link", "img", "base"}
    assert not banned & {tag for tag, _ in read.tags}
    for tag, attributes in read.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in {"src", "srcset", "style", "action", "poster", "data"}, (tag, name)
            if name == "href" and tag != "a":
                assert value.startswith("#"), (tag, value)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert unescape(policy[1]).startswith("default-src 'none'; style-src 'sha256-")
    assert "@import" not in text
    assert "url(http" not in text


def test_every_anchor_is_there_once(read: Read) -> None:
    """No two elements share a name, and every link inside the file leads somewhere."""
    names = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(names) == len(set(names))
    links = [a["href"][1:] for tag, a in read.tags if tag == "a" and a["href"].startswith("#")]
    assert links
    assert set(links) <= set(names)


def test_a_figure_has_words_a_table_and_a_text_instead(text: str) -> None:
    """Each drawing is an image with a name, beside sentences, a description and its numbers."""
    figures = re.findall(r"<figure.*?</figure>", text, flags=re.DOTALL)
    assert figures
    for figure in figures:
        assert 'role="img"' in figure
        assert re.search(r'<svg[^>]*aria-label="[^"]{40,}"', figure)
        assert "<p>" in figure
        assert "<summary>Described" in figure
        assert "<summary>Numbers" in figure
        assert "<table>" in figure


def test_the_metrics_are_those_of_the_verb(text: str, small: Run) -> None:
    """Every number and interval that `glasshouse metrics` prints stands in the report."""
    plain = re.sub(r"<[^>]+>", " ", text)
    section = plain[plain.index("95 % interval over") :]
    for row in metric_rows(small.archive):
        assert shown(row.value) in section, row
        if row.low == row.low:
            assert f"{shown(row.low)} to {shown(row.high)}" in section, row


def test_the_first_screen_has_question_answer_interval_and_figure(text: str, small: Run) -> None:
    """They stand before everything else, and the kind of interval is said."""
    first = text[: text.index('id="figures"')]
    assert small.provenance.scenario.question[:40] in unescape(first)
    assert '<ul class="says">' in first
    assert '<span class="ci">(' in first
    assert "95 % intervals over groups of communities" in first
    assert first.count("<figure") == 1


def test_every_assumption_stands_in_it(text: str, small: Run) -> None:
    """Value, range and basis of every number, whatever its place; guesses are called so."""
    section = re.sub(r"<[^>]+>", " ", text[text.index('id="assumptions"') :])
    quantities = small.experiment.arms[-1].assumptions.quantities()
    assert f"{len(quantities):,} numbers that no law says" in section
    cells = re.findall(r"\S+ \([^()]+\) \[\d+\]", section)
    assert len(cells) == len(quantities)
    assert "guess: " in section


def test_mechanisms_sources_and_how_to_reproduce(text: str, small: Run) -> None:
    """What was on, every source with its reason, and the run with its digest are told."""
    plain = unescape(text)
    for arm in small.provenance.arms:
        for name in arm.mechanisms:
            assert f"<b>{name}</b>" in text
    for key in small.provenance.cites:
        assert f"<code>{key}</code>" in text, key
    assert "glasshouse run pellucid --people 1536 --years 2 --seed 3" in plain
    assert 'gh.run("pellucid", people=1536' in plain
    assert small.digest in text
    assert small.provenance.glasshouse_version in text


def test_nothing_of_the_machine_is_in_it(text: str, small: Run) -> None:
    """No path, no clock: whoever has the run has the same file."""
    assert str(small.path) not in text
    assert small.provenance.machine.started[:10] not in text


def test_the_same_bytes_on_every_build(small: Run, text: str, tmp_path: Path) -> None:
    """Again, and in a process of another hash seed, locale, zone and home, without compiler."""
    told: list[tuple[int, int]] = []
    again = report_of([Archive(small.path)], lambda done, of: told.append((done, of)))
    assert again.decode() == text
    assert told[-1][0] == told[-1][1] == len(told)
    program = (
        "import sys; sys.modules['numba'] = sys.modules['llvmlite'] = None\n"
        "import glasshouse as gh\n"
        f"gh.open({str(small.path)!r}).report({str(tmp_path / 'other.html')!r})\n"
    )
    env = {
        **os.environ, "PYTHONHASHSEED": "77", "LC_ALL": "C", "TZ": "Pacific/Auckland",
        "HOME": str(tmp_path), "MPLCONFIGDIR": str(tmp_path / "mpl"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "other.html").read_text(encoding="utf-8") == text
    assert len(text.encode()) < MOST_BYTES


def test_seeds_are_told_as_replicates(seeds: list[Run]) -> None:
    """In the order of the seeds: mean, Student's interval, the error between seeds, the range."""
    text = report_of([one.archive for one in seeds]).decode()
    assert "2 replicates, seeds 7 and 8" in text
    assert "95 % intervals of the mean over 2 seeds" in text
    assert "Drawn from seed 7" in text
    for one in seeds:
        assert one.digest in text
    rows = [
        next(r for r in metric_rows(one.archive) if r.metric == "refused_share") for one in seeds
    ]
    values = [row.value for row in rows]
    assert shown(sum(values) / 2) in text
    assert f"{shown(min(values))} to {shown(max(values))}" in text


def test_different_runs_stand_side_by_side(small: Run, seeds: list[Run]) -> None:
    """Nothing mixes silently: what sets them apart is in their names, and they are not pooled."""
    text = report_of([small.archive, seeds[0].archive]).decode()
    assert "2 scenarios stand side by side" in text
    assert "pellucid (people 1,536, years 2)" in text
    assert "pellucid (people 512, years 1)" in text
    names = re.findall(r'\bid="([^"]+)"', text)
    assert len(names) == len(set(names))
    assert len(text.encode()) < MOST_BYTES


def test_the_same_run_twice_is_refused(small: Run) -> None:
    """It would count for two."""
    with pytest.raises(BadInput, match="is the same run as"):
        report_of([small.archive, Archive(small.path)])
    with pytest.raises(BadUsage, match="at least one run"):
        report_of([])


def test_scenarios_that_are_too_much_for_one_file_are_refused(
    small: Run, seeds: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No report of several scenarios is larger than it says; the refusal tells what would do."""
    monkeypatch.setattr(html, "MOST_BYTES", 100_000)
    with pytest.raises(BadInput, match=r"2 scenarios take .*\(fewer of them in one report"):
        report_of([small.archive, seeds[0].archive])


def test_a_file_that_is_there_is_not_written_over(small: Run, text: str, tmp_path: Path) -> None:
    """The path is given back; a second time says how to replace it."""
    place = tmp_path / "report.html"
    place.write_bytes(b"mine")
    with pytest.raises(OutputExists, match="--replace"):
        reported([small], place)
    assert place.read_bytes() == b"mine"
    assert small.report(str(place), replace=True) == place
    assert place.read_bytes().decode() == text
    assert list(tmp_path.iterdir()) == [place]


def test_a_scenario_of_ones_own_is_escaped_and_named(tmp_path: Path) -> None:
    """What a file says is text and never markup; files that are not shipped are told.

    A run that kept counts alone has a report, too: what needs the rows is unknown and said.
    """
    packaged = packaged_root() / "scenarios" / "pellucid.yaml"
    text = packaged.read_text(encoding="utf-8")
    text = text.replace("scenario: pellucid", "scenario: mine", 1)
    hostile = "<script>alert(1)</script><img src=x onerror=y>"
    text = re.sub(r"(?m)^title: .*$", f'title: "{hostile}"', text, count=1)
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    done = run(
        tmp_path / "mine.yaml", people=256, years=1, set={"community_size": 128},
        device="python", collect="counts", out=tmp_path / "run",
    )  # fmt: skip
    page = done.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert hostile in unescape(page)
    assert not {"script", "img"} & {tag for tag, _ in Read(page).tags}
    assert "scenarios/mine.yaml" in page
    assert "The run kept no outcomes" in page
    assert "unknown" in page


def test_a_run_in_which_nobody_is_scored_has_a_report(tmp_path: Path) -> None:
    """A baseline alone is told as one: nobody listed, and why there are no figures."""
    text = (packaged_root() / "scenarios" / "as-told.yaml").read_text(encoding="utf-8")
    text = text.replace("scenario: as-told", "scenario: nobody", 1).split("  - arm: as-told")[0]
    (tmp_path / "nobody.yaml").write_text(text, encoding="utf-8")
    done = run(tmp_path / "nobody.yaml", people=64, years=1, device="python", out=tmp_path / "run")
    page = unescape(done.report(tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "Nobody is scored." in page
    assert "Nobody is scored in any arm." in page
