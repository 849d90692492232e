"""How the JSON Schemas are carried out: jsonschema, with what our language has otherwise, and quicker."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend


@cache
def strict() -> type[Validator]:
    """JSON Schema 2020-12 with our numbers and our words. For schemas that stay, and whose references are absolute."""
    rules = {"pattern": _pattern, "uniqueItems": _unique_items}
    made: Any = extend(Draft202012Validator, validators=rules)  # type: ignore[no-untyped-call]
    _hasten(made)
    found: type[Validator] = made
    return found


def _hasten(made: Any) -> None:
    """Keep one validator for each part of a schema: jsonschema would make one for each value that it descends into,
    which takes most of its time.
    """
    parts: dict[int, Any] = {}
    targets: dict[str, Any] = {}
    plain_evolve = made.evolve

    def evolve(self: Any, **changes: Any) -> Any:
        if changes.keys() != {"schema"}:
            return plain_evolve(self, **changes)
        schema = changes["schema"]
        kept = parts.get(id(schema))
        if kept is None or kept.schema is not schema:
            kept = parts[id(schema)] = plain_evolve(self, schema=schema)
        return kept

    def descend(
        self: Any, instance: Any, schema: Any, path: Any = None, schema_path: Any = None
    ) -> Iterator[ValidationError]:
        for error in evolve(self, schema=schema).iter_errors(instance):
            if path is not None:
                error.path.appendleft(path)
            if schema_path is not None:
                error.schema_path.appendleft(schema_path)
            yield error

    def refer(self: Any, ref: str, instance: Any) -> Iterator[ValidationError]:
        if ref not in targets:
            targets[ref] = self._resolver.lookup(ref).contents
        return descend(self, instance, targets[ref])

    made.evolve, made.descend, made.is_type = evolve, descend, _is_type
    made._validate_reference = refer  # noqa: SLF001 - the class is ours


_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | Decimal) and not isinstance(value, bool),
}
"""What each type of a schema is in a document of ours."""


def _is_type(_: Any, instance: Any, kind: str) -> bool:
    return _TYPES[kind](instance)


def _pattern(_: Validator, pattern: str, value: Any, __: Any) -> Iterator[ValidationError]:
    """As the standard has it: `$` is the end of the text, not the place before a last line break."""
    if isinstance(value, str) and not _compiled(pattern).search(value):
        yield ValidationError("does not match")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\$$", r"\\Z", pattern))


def _unique_items(_: Validator, unique: bool, value: Any, __: Any) -> Iterator[ValidationError]:
    """Names the item that is there twice, and takes no longer for long lists of several types."""
    if not unique or not isinstance(value, list):
        return
    seen = set()
    for index, item in enumerate(value):
        if isinstance(item, list | dict):
            continue
        if (type(item), item) in seen:
            yield ValidationError("is there twice", path=[index])
        seen.add((type(item), item))
