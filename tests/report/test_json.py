"""The plan as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.model.membership import Cause, LeftOut
from reconciler.plan.changes import Action, Operation, Phase
from reconciler.report.document import document
from reconciler.report.json import render_json
from tests.report.conftest import Compare
from tests.report.plans import PLANS

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "schemas" / "plan.schema.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", PLANS)
def test_the_whole_document_is_as_kept(name: str, compare: Compare) -> None:
    """Every key of it, for a plan of every sort."""
    compare(f"{name}.json", render_json(document(PLANS[name]())))


@pytest.mark.parametrize("name", PLANS)
def test_the_document_follows_its_schema(name: str) -> None:
    """What is printed is what the schema describes, and nothing beside it."""
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(json.loads(render_json(document(PLANS[name]()))))


def properties(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for part in schema.values():
            yield from properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from properties(part)


def test_every_property_is_described() -> None:
    """Whoever reads the document finds the meaning of each key."""
    found = list(properties(SCHEMA))

    assert len(found) > 60
    assert [name for name, each in found if not each.get("description")] == []


def test_the_words_of_the_schema_are_the_words_of_the_plan() -> None:
    """A new operation, phase, action or cause can't be forgotten in the schema."""
    step = SCHEMA["properties"]["steps"]["items"]["properties"]
    resource = SCHEMA["properties"]["resources"]["items"]["properties"]
    left_out = SCHEMA["properties"]["members"]["items"]["properties"]["left_out"]

    assert [each.value for each in Operation] == step["operation"]["enum"]
    assert [each.value for each in Phase] == step["phase"]["enum"]
    assert [each.name.lower() for each in Action] == resource["action"]["enum"]
    assert [each.value for each in Action] == resource["sign"]["enum"]
    assert [each.value for each in Cause] == SCHEMA["$defs"]["causes"]["propertyNames"]["enum"]
    assert [each.value for each in LeftOut] == left_out["propertyNames"]["enum"]
