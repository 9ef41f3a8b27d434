"""SVG with nothing in it that the picture does not need, the same bytes on every build."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from glasshouse.report.figures.paths import shorter

if TYPE_CHECKING:
    from collections.abc import Mapping

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
FONT = "system-ui, 'DejaVu Sans', sans-serif"
"""Letters are those of the page; the drawing leaves room for the widest of them."""

_NUMBER = re.compile(r"-?\d+\.\d+")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DRAWS = re.compile(r"[LHVCSQTAZlhvcsqtaz]")
_DEFAULTS = {
    ("stroke-linejoin", "miter"), ("stroke-linecap", "butt"), ("stroke-opacity", "1"),
    ("fill-opacity", "1"), ("opacity", "1"), ("stroke-dashoffset", "0"), ("font-style", "normal"),
    ("text-anchor", "start"),
}  # fmt: skip


def slimmed(svg: str, key: str, alt: str) -> str:
    """Give what matplotlib wrote as one element that a page can hold, with a text instead."""
    root = ET.fromstring(svg)  # noqa: S314 - we have just written it
    _strip(root)
    used = dict.fromkeys(name for each in root.iter() for name in _references(each))
    names = {name: f"{key}-{number}" for number, name in enumerate(used)}
    for each in root.iter():
        _slim(each, names)
    _say_once(root)
    _merge(root)
    box = root.get("viewBox", "")
    root.attrib.clear()
    root.attrib.update(
        {
            "xmlns": "http://www.w3.org/2000/svg", "viewBox": box, "role": "img",
            "aria-label": alt, "font-family": FONT, "class": "figure",
        }
    )  # fmt: skip
    for each in root.iter():
        each.tag = each.tag.removeprefix(SVG)
        each.tail = None
        if each.tag != "text" and not (each.text or "").strip():
            each.text = None
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def _strip(root: ET.Element) -> None:
    """Take out what is no picture: metadata, and rules of style that would reach a whole page."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag.removeprefix(SVG) == "style" or child.tag.endswith("metadata"):
                parent.remove(child)


def _slim(each: ET.Element, names: Mapping[str, str]) -> None:
    for part in (each.attrib.pop("style", "")).split(";"):
        name, colon, value = (text.strip() for text in part.partition(":"))
        if colon and (name, value) not in _DEFAULTS and name != "font-family":
            each.set(name, value.removesuffix("px") if name == "font-size" else value)
    name = each.attrib.pop("id", "")
    if name in names:
        each.set("id", names[name])
    link = each.attrib.pop(HREF, "")
    if link:
        each.set("href", f"#{names[link[1:]]}")
    for attribute, value in each.attrib.items():
        if attribute in {"id", "href"}:
            continue
        text = _REFERENCE.sub(lambda found: f"url(#{names[found[1]]})", value)
        if "url(" not in text:
            text = _NUMBER.sub(_short, text)
        each.set(attribute, shorter(text) if attribute == "d" else text)
    if each.get("transform", "").startswith(("rotate(-0 ", "rotate(0 ")):
        del each.attrib["transform"]


def _say_once(root: ET.Element) -> None:
    """Take from a use what the thing used says itself, and take out paths that draw nothing."""
    known = {f"#{each.get('id')}": each for each in root.iter() if each.get("id")}
    for each in root.iter():
        mark = known.get(each.get("href", ""))
        if mark is not None:
            for name in [name for name in each.attrib if name in mark.attrib and name != "id"]:
                del each.attrib[name]
            if mark.get("fill") == "none":
                each.attrib.pop("fill", None)
    for parent in list(root.iter()):
        for child in list(parent):
            drawn = child.get("d", "")
            empty = drawn.startswith("M") and not _DRAWS.search(drawn)
            bare = child.get("fill") == "none" and child.get("stroke") in {None, "none"}
            if child.tag == f"{SVG}path" and (empty or bare) and not child.get("id"):
                parent.remove(child)


def _references(each: ET.Element) -> list[str]:
    found = [name for value in each.attrib.values() for name in _REFERENCE.findall(value)]
    link = each.get(HREF)
    return [*found, link[1:]] if link else found


def _short(found: re.Match[str]) -> str:
    """A number with one place at most: a twentieth of a unit is not seen."""
    text = f"{float(found[0]):.1f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _merge(root: ET.Element) -> None:
    """Take out groups that hold nothing, and lift what stands alone in a group that says nothing.

    Elements that only define stay where they are.
    """
    for parent in list(root.iter()):
        changed = True
        while changed:
            changed = False
            for place, child in enumerate(list(parent)):
                if child.tag not in {f"{SVG}g", f"{SVG}defs"}:
                    continue
                if len(child) == 0:
                    parent.remove(child)
                elif child.tag == f"{SVG}g" and not child.attrib:
                    parent.remove(child)
                    for at, inner in enumerate(list(child)):
                        parent.insert(place + at, inner)
                else:
                    continue
                changed = True
                break
