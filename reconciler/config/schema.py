"""The JSON Schemas: where they are, and what is wrong with a document by them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from jsonschema.protocols import Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from reconciler.config.validator import strict

SETTINGS = "reconciler.schema.json"
DEFINITIONS = "definitions.schema.json"
_DEFINITION = "#/$defs/"

_SPOKEN_FOR = {"pattern": "patternErrorMessage", "const": "errorMessage", "type": "errorMessage"}
"""Rules with a keyword for their message that editors know too; every other rule has its words in `x-messages`."""


def folder() -> Traversable:
    """The schemas: shipped inside the package, or at the top of a checkout."""
    shipped = resources.files("reconciler") / "schemas"
    return shipped if shipped.is_dir() else Path(__file__).parents[2] / "schemas"


@cache
def document(name: str) -> dict[str, Any]:
    """A schema as it stands in its file."""
    data: dict[str, Any] = json.loads((folder() / name).read_text(encoding="utf-8"))
    return data


def settings_keys() -> frozenset[str]:
    """The keys that only `reconciler.yaml` may have."""
    return frozenset(document(SETTINGS)["properties"]) - frozenset(document(DEFINITIONS)["properties"])


def properties_of(part: Any) -> Mapping[str, Any]:
    """The keys that a part of a schema knows, also where it refers to another file or definition."""
    while isinstance(part, dict) and "properties" not in part and "$ref" in part:
        file, _, key = part["$ref"].partition(_DEFINITION)
        part = document(file)["$defs"][key]
    found: Mapping[str, Any] = part.get("properties", {}) if isinstance(part, dict) else {}
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """A rule of a schema that a value breaks. `path` leads to the value, `rules` are the keywords that led to the rule.

    `wanted` is what the rule says, `schema` where it stands; for a rule on the names of keys `value` is the name.
    """

    path: tuple[str | int, ...]
    rules: tuple[str | int, ...]
    wanted: Any
    value: Any
    schema: Mapping[str, Any]

    @property
    def rule(self) -> str:
        """The keyword of the broken rule, such as `required`."""
        return str(self.rules[-1])

    @property
    def words(self) -> str | None:
        """The schema's own message for this rule, where it has one."""
        if self.rule in _SPOKEN_FOR:
            return self.schema.get(_SPOKEN_FOR[self.rule]) or self.schema.get("errorMessage")
        words: str | None = self.schema.get("x-messages", {}).get(self.rule)
        return words


def violations(data: Any, name: str) -> Iterator[Violation]:
    """Everything that is wrong with plain data by the schema of this name."""
    for error in _validator(name).iter_errors(data):
        yield Violation(
            path=tuple(error.absolute_path),
            rules=tuple(error.absolute_schema_path),
            wanted=error.validator_value,
            value=error.instance,
            schema=error.schema if isinstance(error.schema, Mapping) else {},
        )


@cache
def _validator(name: str) -> Validator:
    contents = [(each, DRAFT202012.create_resource(_prepared(each))) for each in (SETTINGS, DEFINITIONS)]
    registry: Registry[Any] = Registry[Any]().with_resources(contents)
    return strict()({"$ref": name}, registry=registry)


def _prepared(name: str) -> dict[str, Any]:
    """A schema as it is checked with: references replaced by what they mean, which takes half the time.

    Where a schema names its dialect, jsonschema would go on with its own rules for it instead of ours.
    """
    top = {key: value for key, value in document(name).items() if key not in {"$schema", "$defs"}}
    definitions = document(name)["$defs"]
    flat = {key: _flat(value, name, frozenset({f"{name}{_DEFINITION}{key}"})) for key, value in definitions.items()}
    return {**_flat(top, name, frozenset()), "$defs": flat}


def _flat(value: Any, name: str, within: frozenset[str]) -> Any:
    """A part of the schema of this name, flat; what stands `within` itself, or overrides what it refers to, stays."""
    if isinstance(value, list):
        return [_flat(each, name, within) for each in value]
    if not isinstance(value, dict):
        return value
    rest = {key: _flat(each, name, within) for key, each in value.items() if key != "$ref"}
    if "$ref" not in value:
        return rest
    file, _, key = value["$ref"].partition(_DEFINITION)
    file = file or name
    target = f"{file}{_DEFINITION}{key}"
    if target in within:
        return {"$ref": target, **rest}
    meant = _flat(document(file)["$defs"][key], file, within | {target})
    overrides = meant.keys() & rest.keys() - {"description"}
    return {"$ref": target, **rest} if overrides else {**meant, **rest}
