"""`Run.view()`: the page's own drawing in a cell, capped and said, a still picture beside it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from glasshouse.app import widget
from glasshouse.app.bundle import imports_of, static, wrapped_body
from glasshouse.app.playable import LEFT_OUT, playable_of
from glasshouse.app.scene import scene_of
from glasshouse.errors import BadUsage

if TYPE_CHECKING:
    from glasshouse.session import Run


@pytest.fixture(scope="module")
def view(small: Run) -> widget.View:
    """Give a run's widget."""
    return small.view()


def needed(name: str, found: dict[str, str]) -> dict[str, str]:
    """Give a module and all that it imports, by name."""
    if name not in found:
        found[name] = static(name)
        for other in imports_of(found[name]):
            needed(other, found)
    return found


def test_the_cell_draws_with_the_pages_modules(view: widget.View) -> None:
    """Every module that the widget needs stands in it as it is, and nothing is imported."""
    modules = needed("widget.js", {})
    assert {"scene.js", "view.js", "dots.js", "player.js"} <= set(modules)
    for name, text in modules.items():
        assert wrapped_body(name, text)[0].strip() in str(view._esm), name
    assert str(view._css) == static("style.css")


def test_the_scene_is_that_of_the_page(view: widget.View, small: Run) -> None:
    """What travels to the browser is, letter by letter, what the page of one file carries."""
    page = playable_of(small.archive, small.experiment, carry="all").html
    assert len(view.scene) > 10_000
    assert view.scene in page.decode()


def test_a_large_run_carries_less(small: Run) -> None:
    """Where the page would carry only acts in which lives part, the cell does, and says so."""
    stream = scene_of(small.archive, small.experiment, device="python")
    header, letters = widget.letters_of(stream, "parting")
    assert header["left_out_words"] == LEFT_OUT
    assert len(letters) < len(widget.letters_of(stream)[1])


def test_size_and_number_are_said(view: widget.View, small: Run) -> None:
    """Under the drawing stands how many people of how many, how long, and what it weighs."""
    people = small.provenance.people
    assert f"{people} of {people} synthetic people, 12 steps, 2 arms" in view.said
    assert view.said.endswith("MB of scene.")


def test_a_part_is_shown_on_request(small: Run) -> None:
    """`communities` shows so many whole ones; more than there are is refused."""
    people, size = small.provenance.people, small.provenance.scenario.community_size
    assert f"{2 * size} of {people} synthetic people" in small.view(communities=2).said
    for wrong in (0, people // size + 1):
        with pytest.raises(BadUsage, match=f"1 to {people // size} of them"):
            small.view(communities=wrong)


def test_what_is_too_large_is_refused_with_what_fits() -> None:
    """A scene that no notebook should carry is refused, and a number that fits is named."""
    widget.refuse_too_large(widget.MOST_BYTES, 10)
    with pytest.raises(BadUsage, match=r"48\.0 MB.*24\.0 MB at most; try view\(communities=5\)"):
        widget.refuse_too_large(2 * widget.MOST_BYTES, 10)


def test_an_exported_notebook_has_a_picture(view: widget.View) -> None:
    """Beside the living widget stand a still picture and a sentence."""
    data, _ = view._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert "<svg" in data["text/html"]
    assert data["text/plain"] == view.said


def test_without_the_extra_one_sentence_says_so(small: Run) -> None:
    """Where anywidget is not installed the message names the extra that brings it."""
    program = (
        "import sys\n"
        "sys.modules['anywidget'] = None\n"
        "import glasshouse\n"
        "from glasshouse.errors import BadUsage\n"
        f"run = glasshouse.open({str(small.path)!r})\n"
        "try:\n"
        "    run.view()\n"
        "except BadUsage as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    said = done.stdout.decode()
    assert "anywidget, which is not installed" in said
    assert "`glasshouse[notebook]`" in said
