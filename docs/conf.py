"""How the documentation site is built: Sphinx, MyST notebooks and furo, with nothing from outside.

``make site`` builds it. The source directory is the root of the repository, so that the pages of
``docs/`` stay plain Markdown whose links also work where no site was built. The list of pages in
``docs/index.md`` is the only one: the bar at the side is made from it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from glasshouse.version import __version__  # noqa: E402 - the path comes first

project = "glasshouse"
author = "The glasshouse authors"
project_copyright = "The glasshouse authors, Apache-2.0"
version = release = __version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.mathjax"]
root_doc = "docs/index"
include_patterns = [
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/**.md",
    "benchmarks/README.md", "validation/*/README.md",
]  # fmt: skip
exclude_patterns = [".*", "build", "dist", "runs", "src", "tests", "tools", "locks"]

# --- pages and notebooks -----------------------------------------------------------------------

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "force"  # a tutorial that no longer runs fails the build
nb_execution_show_tb = True
nb_execution_timeout = 600  # seconds a cell: the first on a machine also compiles
nb_execution_in_temp = True
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # a widget shows its still picture instead
nb_mime_priority_overrides = [
    ("html", "application/vnd.jupyter.widget-view+json", None),
    ("html", "text/html", 1),
]
suppress_warnings = ["mystnb.mime_priority"]

# --- the public face ---------------------------------------------------------------------------

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_class_signature = "mixed"
add_module_names = False
python_maximum_signature_line_length = 88

# --- how it looks ------------------------------------------------------------------------------

templates_path = ["_templates"]
html_theme = "furo"
html_title = f"glasshouse {__version__}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_additional_pages = {"index": "start.html"}
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}

# One file draws the formulas, and asks for no other.
mathjax_path = "mathjax/tex-svg.js"
mathjax_config_path = "_static/mathjax/settings.js"

# --- one list of pages -------------------------------------------------------------------------

ENTRY = re.compile(r"^(?:\*|\d+\.) \[[^\]]+\]\(([^)#:]+)\.md\)", re.MULTILINE)
LEFT_OUT_OF_THE_BAR = (
    "docs/decisions/",
    "validation/",
    "benchmarks/",
    "README",
    "CHANGELOG",
    "CONTRIBUTING",
)


def toctrees(index: str) -> str:
    """Give the list of pages as trees that Sphinx reads: one a heading, in its order."""
    trees = []
    for section in re.split(r"^## ", index, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        names = [name for name in ENTRY.findall(body) if not name.startswith("decisions/")]
        if names:
            options = [":hidden:", f":caption: {title}"]
            trees.append("\n".join(["```{toctree}", *options, "", *names, "```", ""]))
    return "\n".join(trees)


def read_source(_app: Sphinx, name: str, text: list[str]) -> None:
    """Add to the index what Sphinx needs, and mark what the index alone leads to."""
    if name == root_doc:
        text[0] += "\n\n" + toctrees(text[0])
    elif name.startswith(LEFT_OUT_OF_THE_BAR):
        text[0] = "---\norphan: true\n---\n\n" + text[0]


NAMED = {
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Pages">',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
    'class="caption" role="heading"': 'class="caption" role="heading" aria-level="2"',
    '<div class="math-wrapper': '<div tabindex="0" class="math-wrapper',
    '<div class="table-wrapper': '<div tabindex="0" class="table-wrapper',
    "<pre>": '<pre tabindex="0">',  # wider than a narrow screen: reached and moved by keyboard
}
"""What the theme leaves without a name for those who hear a page or go through it by keyboard."""


STATE = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-state\+json">.*?</script>\s*', re.DOTALL
)
"""What a living widget would be made from: the site shows its still picture."""


def name_what_has_no_name(app: Sphinx, error: Exception | None) -> None:
    """Write names into the pages that were built, and leave out what no page of the site uses."""
    if error is None:
        for page in Path(app.outdir).rglob("*.html"):
            text = STATE.sub("", page.read_text(encoding="utf-8"))
            for found, named in NAMED.items():
                text = text.replace(found, named)
            page.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Join the above to Sphinx."""
    app.connect("source-read", read_source)
    app.connect("build-finished", name_what_has_no_name)
