"""The page's modules as one text: no build step, only functions written around what is there.

A module imports by ``import { a, b } from "./x.js";`` and exports by ``export function``, ``export
async function``, ``export class`` or ``export const``; anything else is refused. Each becomes a
function that gives its exports, in an order in which every one finds what it needs.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources

STATIC = "static"

LIBRARIES = ("vendor/d3.min.js", "vendor/plot.umd.min.js")
"""Classic scripts that leave a name behind, in the order in which they need one another."""

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([a-z_]+\.js)";\n?', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:(?:async )?function|class|const) ([A-Za-z_$][\w$]*))", re.MULTILINE
)
_OTHER = re.compile(r"^\s*(?:import|export)\b(?!\()[^\n]*", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?: as [A-Za-z_$][\w$]*)?")


@cache
def static(name: str) -> str:
    """Give a file of the page as text."""
    file = resources.files("glasshouse.app").joinpath(STATIC, *name.split("/"))
    return file.read_text(encoding="utf-8")


def bundled(*entries: str, also: str = "") -> str:
    """Give modules and all that they import as one text that needs no other file.

    ``also`` is written behind them and may name ``module["entry.js"].export``.
    """
    order: list[str] = []
    for entry in entries:
        _visit(entry, order, ())
    wrapped = [_wrapped(name) for name in order]
    return "\n".join(['"use strict";', "const module = {};", *wrapped, also]).rstrip() + "\n"


def imports_of(text: str) -> list[str]:
    """Give the modules that a module's text imports, in their order."""
    return [found.group(2) for found in _IMPORT.finditer(text)]


def _visit(name: str, order: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise ValueError(f"modules import one another in a circle: {' > '.join((*above, name))}")
    if name in order:
        return
    for other in imports_of(static(name)):
        _visit(other, order, (*above, name))
    order.append(name)


def _wrapped(name: str) -> str:
    body, exports = wrapped_body(name, static(name))
    given = ", ".join(exports)
    return f"module[{name!r}] = (() => {{\n{body.strip()}\nreturn {{ {given} }};\n}})();"


def wrapped_body(name: str, text: str) -> tuple[str, list[str]]:
    """Give the body of a module as a function's, and the names that it exports."""
    for found in _IMPORT.finditer(text):
        for given in filter(None, (part.strip() for part in found.group(1).split(","))):
            if not _NAME.fullmatch(given):
                raise ValueError(f"{name}: `{given}` cannot be imported here")
    body = _IMPORT.sub(_taken, text)
    exports = [found.group(1) for found in _EXPORT.finditer(body)]
    body = _EXPORT.sub("", body)
    if other := _OTHER.search(_without_comments(body)):
        raise ValueError(f"{name}: `{other.group().strip()}` is no way to import or export here")
    return body, exports


def _taken(found: re.Match[str]) -> str:
    names = " ".join(found.group(1).split()).rstrip(", ").replace(" as ", ": ")
    return f"const {{ {names} }} = module[{found.group(2)!r}];\n"


def _without_comments(text: str) -> str:
    return re.sub(r"^\s*(?:/\*.*?\*/|//[^\n]*)", "", text, flags=re.MULTILINE | re.DOTALL)


def library(name: str) -> str:
    """Give a vendored library so that it leaves its name behind wherever it is run.

    A notebook has loaders of its own, which a library would mistake for its.
    """
    return f"(function (define, exports, module) {{\n{static(name)}\n}}).call(globalThis);\n"


def esm(entry: str = "widget.js", also: str = "") -> str:
    """Give a module and all that it needs as one ES module, for anywidget.

    The text of ``also`` ends it, such as ``export default { render };``; without, the entry's
    exports are exported again.
    """
    _, exports = wrapped_body(entry, static(entry))
    ending = also or f"export const {{ {', '.join(exports)} }} = module[{entry!r}];"
    return "".join(map(library, LIBRARIES)) + bundled(entry, also=ending)


def hash_of(text: str) -> str:
    """Give the source expression by which a content security policy knows an inline text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
