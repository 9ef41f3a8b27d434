"""Checks a document against a type and says every mismatch at its place, in plain words."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from glasshouse.errors import Problem, nearest
from glasshouse.law.load import MAX_PROBLEMS, Document, KeyPath


class Strict(BaseModel):
    """A frozen document type: no unknown keys, no silent conversions."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


ModelT = TypeVar("ModelT", bound=BaseModel)

_EXPECTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "text (put it in quotes)",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "date_type": "a date YYYY-MM-DD",
}
_MISSING_RIGHT = {
    "cite": "uncited law is refused: cite: {source: KEY, at: place}",
    "evidence": "documented, reported, contested, fiction or hypothesis",
    "range": "range: [low, high]",
}
_BOUNDS = {
    "greater_than": ("gt", "more than {}"),
    "greater_than_equal": ("ge", "at least {}"),
    "less_than": ("lt", "less than {}"),
    "less_than_equal": ("le", "at most {}"),
    "too_short": ("min_length", "at least {} items"),
    "too_long": ("max_length", "at most {} items"),
    "string_too_short": ("min_length", "at least {} characters"),
    "string_too_long": ("max_length", "at most {} characters"),
}


def refusal(what: str, right: str = "") -> PydanticCustomError:
    """The error that a type's own check raises: what is wrong and what would be right."""
    return PydanticCustomError("glasshouse", "{what}", {"what": what, "right": right})


def validated(
    model: type[ModelT], document: Document, problems: list[Problem], path: KeyPath = ()
) -> ModelT | None:
    """The value at a path as this type, or None after adding all its problems to the list."""
    value = document.value
    for step in path:
        value = value[step]
    try:
        return model.model_validate(value)
    except ValidationError as error:
        details = [one for one in error.errors(include_url=False) if not _is_echo(one)]
        details = details[:MAX_PROBLEMS]
        problems += [_problem(model, document, path, value, detail) for detail in details]
    return None


def _is_echo(detail: ErrorDetails) -> bool:
    """Whether a list is called too short only because its wrong items were not counted."""
    context, given = detail.get("ctx", {}), detail["input"]
    is_long = isinstance(given, list | tuple) and len(given) >= context.get("min_length", 0)
    return detail["type"] == "too_short" and is_long


def _problem(
    model: type[BaseModel], document: Document, root: KeyPath, value: Any, detail: ErrorDetails
) -> Problem:
    kind, loc = detail["type"], detail["loc"]
    path = root + _real_path(value, loc)
    last = str(loc[-1]) if loc else ""
    if kind == "missing":
        known = _MISSING_RIGHT.get(last, "")
        return document.problem(path, f"`{last}` is missing", known)
    if kind == "extra_forbidden":
        right = nearest(last, _keys_at(model, loc[:-1]))
        return document.problem(path, f"unknown key `{last[:60]}`", right, key=True)
    return document.problem(path, *_words(kind, detail))


def _words(kind: str, detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong and what would be right, for everything but missing and unknown keys."""
    context, given = detail.get("ctx", {}), detail["input"]
    if kind == "glasshouse":
        return str(context["what"]), str(context["right"])
    if kind in _EXPECTED:
        return f"{described(given)} where {_EXPECTED[kind]} belongs", _hint(kind, given)
    if kind == "literal_error":
        known = [word.strip().strip("'") for word in _choices(str(context["expected"]))]
        return f"{described(given)} is not allowed", nearest(str(given), known)
    if kind == "string_pattern_mismatch":
        return f"{described(given)} is not an id", "a-z first, then a-z 0-9 _ -"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        wrong = "has the wrong length" if "too_" in kind else "is out of range"
        return f"{described(given)} {wrong}", words.format(context.get(name))
    return detail["msg"], ""


def described(value: Any) -> str:
    """A value as a user would recognise it: its type and, if short, its text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = str(value)
    text = text if len(text) <= 40 else text[:39] + "…"
    return f"the text `{text}`" if isinstance(value, str) else text


def _hint(kind: str, given: Any) -> str:
    if kind == "bool_type" and str(given).casefold() in {"yes", "no", "on", "off", "y", "n"}:
        return "only true and false are yes and no here"
    if kind in {"int_type", "float_type"} and isinstance(given, str):
        return "without quotes or units"
    return ""


def _choices(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(",")


def _real_path(value: Any, loc: tuple[str | int, ...]) -> KeyPath:
    """The part of pydantic's location that exists in the document."""
    path: KeyPath = ()
    for step in loc:
        is_item = isinstance(value, tuple) and isinstance(step, int) and step < len(value)
        if is_item or (isinstance(value, Mapping) and step in value):
            value = value[step]
            path = (*path, step)
    return path


def _keys_at(model: Any, loc: tuple[str | int, ...]) -> list[str]:
    """The keys that the type knows at this location."""
    current: list[Any] = [model]
    for step in loc:
        current = [inner for kind in current for inner in _step_into(kind, step)]
    return [key for kind in current for key in _keys_of(kind)]


def _keys_of(kind: Any) -> list[str]:
    return [
        key
        for model in _models(kind)
        for key in (field.alias or name for name, field in model.model_fields.items())
    ]


def _step_into(kind: Any, step: str | int) -> list[Any]:
    for option in _options(kind):
        origin, arguments = get_origin(option), get_args(option)
        if origin is tuple and isinstance(step, int):
            return [arguments[0]]
        if origin in {dict, Mapping} and isinstance(step, str):
            return [arguments[1]]
    return [
        field.annotation
        for model in _models(kind)
        for name, field in model.model_fields.items()
        if (field.alias or name) == step
    ]


def _options(kind: Any) -> list[Any]:
    """The alternatives behind Annotated and unions."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _options(get_args(kind)[0])
    if origin in {Union, types.UnionType}:
        return [option for part in get_args(kind) for option in _options(part)]
    return [kind]


def _models(kind: Any) -> list[type[BaseModel]]:
    return [o for o in _options(kind) if isinstance(o, type) and issubclass(o, BaseModel)]
