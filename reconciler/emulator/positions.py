"""What the fields of `Switches` say about themselves: their positions, and how one is read from text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

Position = str | int | float


class SwitchError(ValueError):
    """A switch that is not there, or has no such position; the message says what there is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Range:
    """The positions of a switch that is a number; `tried` are those that the tests go through."""

    lowest: float
    highest: float
    tried: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Switch:
    """One switch: `about` is the open point that it decides; `choices` is empty where it is a number."""

    name: str
    about: str
    default: Position
    choices: tuple[Position, ...] = ()
    span: Range | None = None

    @property
    def others(self) -> tuple[Position, ...]:
        """The positions to try beside the default; of a number, some."""
        tried = self.span.tried if self.span else self.choices
        return tuple(position for position in tried if position != self.default)

    @property
    def allowed(self) -> str:
        """What the switch can be set to, in words."""
        if self.span:
            return f"a number from {self.span.lowest:g} to {self.span.highest:g}"
        return ", ".join(map(str, self.choices))

    def read(self, text: str) -> Position:
        """Read a position; raises `SwitchError` when there is no such one."""
        if self.span is None:
            found = next((choice for choice in self.choices if str(choice) == text), None)
        else:
            found = _number(text, self.span, type(self.default))
        if found is None:
            raise SwitchError(f"Switch {self.name} has no position '{text}'; it is {self.allowed}")
        return found


def switches_of(kind: type[Any]) -> Mapping[str, Switch]:
    """Return the switches that a dataclass has, by name and in order."""
    hints = get_type_hints(kind, include_extras=True)
    return {field.name: _switch(field.name, hints[field.name], field.default) for field in fields(kind)}


def read_assignments(kind: type[Any], text: str) -> dict[str, Position]:
    """Read `name=value,name=value`; raises `SwitchError` for the first that cannot be read."""
    read: dict[str, Position] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        name, equals, value = part.partition("=")
        if not equals:
            raise SwitchError(f"A switch is given as NAME=VALUE, not as '{part}'")
        read[name.strip()] = find(kind, name.strip()).read(value.strip())
    return read


def find(kind: type[Any], name: str) -> Switch:
    """Return a switch by name; raises `SwitchError` with the nearest name when there is none."""
    known = switches_of(kind)
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(known)}"
    raise SwitchError(f"There is no switch '{name}'; {hint}")


def _switch(name: str, hint: Any, default: Any) -> Switch:
    """Take a field's `Annotated[positions, what it decides]` apart."""
    if get_origin(hint) is not Annotated:
        raise TypeError(f"switch {name} lacks a sentence on what it decides")
    base, *extras = get_args(hint)
    about = next(extra for extra in extras if isinstance(extra, str))
    span = next((extra for extra in extras if isinstance(extra, Range)), None)
    choices = get_args(base) if get_origin(base) is Literal else ()
    if bool(choices) == bool(span):
        raise TypeError(f"switch {name} is either a Literal or a number with a Range")
    return Switch(name=name, about=about, default=default, choices=choices, span=span)


def _number(text: str, span: Range, kind: type[Any]) -> Position | None:
    try:
        number: Position = kind(text)
        compared = float(number)
    except (ValueError, OverflowError):
        return None
    return number if span.lowest <= compared <= span.highest else None
