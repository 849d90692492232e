"""The difference of two definitions as lines that a reviewer reads: `who.none: - segment.recent-purchasers`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reconciler.model.definition import Definition
from reconciler.plan.changes import AttributeChange, set_lines

_GROUPS = frozenset({"all", "any", "none"})
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ ./-]*|[0-9]+[mhdw](\.\.([0-9]+[mhdw])?)?|\d{4}-\d\d-\d\d")
_CONTEXT = 5
"""How many words of a query stand before and after what changed in it."""
_WORDS = frozenset({"true", "false", "null"})


def definition_lines(before: Definition | None, after: Definition) -> tuple[AttributeChange, ...]:
    """One change for each condition, window, period or helper that differs; empty only for equal definitions."""
    if before is not None and before.digest == after.digest:
        return ()
    if after.union:
        return tuple(set_lines("any", frozenset(before.union if before else ()), frozenset(after.union)))
    new = readable(after.to_dict())
    if before is None:
        return tuple(_new(line) for line in _leaves((), new))
    lines = tuple(_differences(readable(before.to_dict()), new))
    return lines or (AttributeChange("who", "these conditions", "the same in another order"),)


def _differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[AttributeChange]:
    from deepdiff import DeepDiff  # noqa: PLC0415 - a third of a second to import, and most plans change no definition

    tree = DeepDiff(before, after, ignore_order=True, report_repetition=True, threshold_to_diff_deeper=0, view="tree")
    found = [(kind, level) for kind, levels in tree.items() for level in levels]
    lines = [line for kind, level in found for line in _lines(kind, level)]
    yield from sorted(set(lines), key=lambda line: (line.path, line.after is not None, line.before or line.after or ""))


def _lines(kind: str, level: Any) -> Iterator[AttributeChange]:
    path = tuple(level.path(output_format="list"))
    if kind.endswith("_added"):
        yield from (_new(leaf) for leaf in _leaves(path, level.t2))
    elif kind.endswith("_removed"):
        yield from (AttributeChange(_text(where), in_flow(value), None) for where, value in _leaves(path, level.t1))
    elif kind == "repetition_change":
        counts = level.additional["repetition"]
        value = in_flow(level.t1)
        before, after = counts["old_repeat"], counts["new_repeat"]
        yield AttributeChange(_text(path), f"{value}, {before} times", f"{value}, {after} times")
    elif path[-1] == "query":
        yield AttributeChange(_text(path), *map(_quoted, _around_the_change(level.t1, level.t2)))
    else:
        yield AttributeChange(_text(path), in_flow(level.t1), in_flow(level.t2))


def _around_the_change(before: str, after: str) -> tuple[str, str]:
    """Two long texts from a little before their first difference to a little after their last, in whole words."""
    one, other = before.split(" "), after.split(" ")
    shortest = min(len(one), len(other))
    start = next((number for number in range(shortest) if one[number] != other[number]), shortest)
    end = next(
        (number for number in range(shortest - start) if one[-1 - number] != other[-1 - number]), shortest - start
    )
    return _cut(one, start - _CONTEXT, end - _CONTEXT), _cut(other, start - _CONTEXT, end - _CONTEXT)


def _cut(words: list[str], before: int, after: int) -> str:
    """The words without so many at the start and at the end; what is left out is shown as such."""
    first, last = max(before, 0), len(words) - max(after, 0)
    return " ".join([*(["…"] if first else []), *words[first:last], *(["…"] if last < len(words) else [])])


def _new(leaf: tuple[tuple[Any, ...], Any]) -> AttributeChange:
    return AttributeChange(_text(leaf[0]), None, in_flow(leaf[1]))


def _leaves(path: tuple[Any, ...], value: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """A whole new part, cut where a reader would cut it: groups by their conditions, maps of the definition by key."""
    if isinstance(value, dict) and _is_map(path, value):
        for key, part in value.items():
            yield from _leaves((*path, key), part)
    elif isinstance(value, list) and path[-1] in _GROUPS:
        for part in value:
            yield (*path, 0), part
    else:
        yield path, value


def _is_map(path: tuple[Any, ...], value: dict[str, Any]) -> bool:
    named = not path or path[-1] in {"slices", "segments", "active"} or path[-2:-1] == ("segments",)
    return named or (path[-1] == "who" and set(value) <= _GROUPS)


def _text(path: tuple[Any, ...]) -> str:
    """`who.all[0].within`; the number of a condition that comes or goes as a whole says nothing and is left out."""
    last = len(path) - 1
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path[:last])
    end = "" if isinstance(path[last], int) else f".{path[last]}"
    return ("".join(parts) + end).removeprefix(".")


def readable(value: Any) -> Any:
    """The canonical form with exact numbers as numbers and lists of one as their value."""
    if isinstance(value, dict):
        return Decimal(value["number"]) if set(value) == {"number"} else _readable_map(value)
    if isinstance(value, list):
        return [readable(each) for each in value]
    return value


def _readable_map(value: dict[str, Any]) -> dict[str, Any]:
    kinds = {"event", "not_followed_by"}
    found = {key: readable(part) for key, part in value.items() if part != {}}
    if "sample" in value:
        found["sample"]["percent"] = Decimal(value["sample"]["percent"])
    return {key: part[0] if key in kinds and len(part) == 1 else part for key, part in found.items()}


def in_flow(value: Any) -> str:
    """One part in the YAML's own flow style; text that YAML would read as something else stands in quotes."""
    if isinstance(value, dict):
        return f"segment.{value['segment']}" if set(value) == {"segment"} else _flow_map(value)
    if isinstance(value, list):
        return f"[{', '.join(map(in_flow, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return format(value, "f") if isinstance(value, Decimal) else _quoted(value)


def _flow_map(value: dict[str, Any]) -> str:
    return f"{{ {', '.join(f'{key}: {in_flow(part)}' for key, part in value.items())} }}"


def _quoted(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)
