"""Shapes and letters of a picture as SVG: attributes alone, numbers with one place."""

from __future__ import annotations

from html import escape

FONT = "system-ui, 'DejaVu Sans', sans-serif"


def short(value: float) -> str:
    """A number with one place at most: a twentieth of a unit is not seen."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


class Pen:
    """Elements of one picture, in the order in which they are drawn."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._parts: list[str] = []

    def rect(self, x: float, y: float, wide: float, high: float, **more: str | float) -> None:
        """Draw a rectangle."""
        place = {"x": x, "y": y, "width": max(wide, 0.0), "height": max(high, 0.0)}
        self._add("rect", {**place, **more})

    def line(self, x1: float, y1: float, x2: float, y2: float, **more: str | float) -> None:
        """Draw a line."""
        self._add("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, **more})

    def circle(self, x: float, y: float, radius: float, **more: str | float) -> None:
        """Draw a circle."""
        self._add("circle", {"cx": x, "cy": y, "r": radius, **more})

    def path(self, path: str, **more: str | float) -> None:
        """Draw a path."""
        if path:
            self._add("path", {"d": path, **more})

    def text(self, x: float, y: float, words: str, **more: str | float) -> None:
        """Write words; their foot stands at y."""
        self._add("text", {"x": x, "y": y, **more}, words)

    def raw(self, element: str) -> None:
        """Add an element as it is, such as a pattern."""
        self._parts.append(element)

    def svg(self, wide: float, high: float, alt: str) -> str:
        """Give the picture, with a text instead."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {short(wide)} {short(high)}" '
            f'role="img" aria-label="{escape(alt)}" font-family="{FONT}" class="figure">'
            f"{''.join(self._parts)}</svg>"
        )

    def _add(self, tag: str, attributes: dict[str, str | float], words: str | None = None) -> None:
        said = " ".join(
            f'{name.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
            for name, value in attributes.items()
        )
        end = "/>" if words is None else f">{escape(words)}</{tag}>"
        self._parts.append(f"<{tag} {said}{end}")


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else short(value)


def cells(places: list[tuple[float, float]], wide: float, high: float) -> str:
    """Give a path of rectangles of one size, by their upper left corners."""
    w, h = short(wide), short(high)
    return "".join(f"M{short(x)} {short(y)}h{w}v{h}h-{w}z" for x, y in places)


def crosses(places: list[tuple[float, float]], arm: float) -> str:
    """Give a path of diagonal crosses by their middles."""
    a, b = short(arm), short(2 * arm)
    return "".join(
        f"M{short(x - arm)} {short(y - arm)}l{b} {b}m0-{b}l-{b} {b}" for x, y in places
    ) if a else ""  # fmt: skip


def pluses(places: list[tuple[float, float]], arm: float) -> str:
    """Give a path of upright crosses by their middles."""
    b = short(2 * arm)
    return "".join(
        f"M{short(x - arm)} {short(y)}h{b}M{short(x)} {short(y - arm)}v{b}" for x, y in places
    )


def diamonds(places: list[tuple[float, float]], arm: float) -> str:
    """Give a path of squares on their corners by their middles."""
    a = short(arm)
    return "".join(f"M{short(x)} {short(y - arm)}l{a} {a}l-{a} {a}l-{a}-{a}z" for x, y in places)


def triangles(places: list[tuple[float, float]], arm: float) -> str:
    """Give a path of triangles that stand on a side, by their middles."""
    a, b = short(arm), short(2 * arm)
    return "".join(f"M{short(x)} {short(y - arm)}l{a} {b}h-{b}z" for x, y in places)


def squares(places: list[tuple[float, float]], arm: float) -> str:
    """Give a path of squares by their middles."""
    return cells([(x - arm, y - arm) for x, y in places], 2 * arm, 2 * arm)


def discs(places: list[tuple[float, float]], arm: float) -> str:
    """Give a path of discs by their middles."""
    a, b = short(arm), short(2 * arm)
    return "".join(f"M{short(x - arm)} {short(y)}a{a} {a} 0 1 0 {b} 0a{a} {a} 0 1 0-{b} 0z"
                   for x, y in places)  # fmt: skip
