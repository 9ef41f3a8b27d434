"""Modules become one text that needs no other file, and what cannot be inlined is refused."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

import pytest

from glasshouse.app import bundle

MODULES = sorted(
    file.name
    for file in resources.files("glasshouse.app").joinpath("static").iterdir()
    if file.name.endswith(".js")
)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_of_the_page_can_be_inlined(name: str) -> None:
    """Imports and exports keep to the few ways that the bundle knows."""
    body, _ = bundle.wrapped_body(name, bundle.static(name))
    assert "\nexport " not in body


def test_a_module_stands_behind_what_it_imports() -> None:
    """Every module finds what it needs."""
    text = bundle.bundled("playable.js")
    for name in ("view.js", "scene.js", "packed.js"):
        assert text.count(f"module['{name}'] = ") == 1
        assert text.index(f"module['{name}'] = ") < text.index("module['playable.js'] = ")
    assert "import {" not in text


@pytest.mark.parametrize(
    "text",
    [
        'import x from "./scene.js";',
        'import * as x from "./scene.js";',
        'import "./scene.js";',
        'import { a } from "https://example.org/a.js";',
        "export default 1;",
        "export { a };",
        "export let a = 1;",
        'import { a, b: c } from "./scene.js";',
    ],
)
def test_any_other_way_is_refused(text: str) -> None:
    """No import leaves the folder, and none is quietly dropped."""
    with pytest.raises(ValueError, match=r"import|export"):
        bundle.wrapped_body("x.js", f"/** What x is. */\n\n{text}\n")


def test_names_are_taken_over() -> None:
    """An import becomes a look-up, an export a name that is given back."""
    body, names = bundle.wrapped_body(
        "x.js",
        'import {\n  a, b as c,\n} from "./y.js";\nexport const d = a;\n'
        "export async function e() {}\nexport class F {}\n",
    )
    assert body.startswith("const { a, b: c } = module['y.js'];")
    assert names == ["d", "e", "F"]


def test_a_circle_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two modules that need each other cannot be put in an order."""
    texts = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    monkeypatch.setattr(bundle, "static", texts.__getitem__)
    with pytest.raises(ValueError, match=r"circle: a\.js > b\.js > a\.js"):
        bundle.bundled("a.js")


def test_a_notebook_gets_one_module() -> None:
    """The libraries come first, the module's exports last; nothing is loaded from anywhere."""
    text = bundle.esm("view.js")
    assert text.rstrip().endswith("export const { mount } = module['view.js'];")
    assert text.index("d3") < text.index("module['view.js'] = ")
    assert "\nimport " not in text


def test_a_hash_is_what_a_browser_computes() -> None:
    """SHA-256 of the text's bytes, as a policy writes it."""
    digest = base64.b64encode(hashlib.sha256("é".encode()).digest()).decode()
    assert bundle.hash_of("é") == f"'sha256-{digest}'"
