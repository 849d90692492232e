"""Criteo's schemas as we keep them, against the models of Criteo's official SDK."""

from __future__ import annotations

import re
from typing import Any

import pytest
from criteo_api_marketingsolutions_v2027_01 import models

from tests.contract.document import Json, document

WITHOUT_MODEL = {
    "AudienceComputeSizeEntityV1",
    "AudienceDeleteEntityV1",
    "AudienceIdEntityV1",
    "AudienceSegmentComputeSizeEntityV1",
    "AudienceSegmentDeleteEntityV1",
    "AudienceSegmentIdEntityV1",
    "ContactListCreateV1",
    "ErrorBody",
}
"""Empty objects, which the SDK takes as plain dictionaries, and the shape of failures, which it does not read."""

SCHEMAS: dict[str, Json] = document()["$defs"]


def test_every_schema_has_a_model() -> None:
    """The SDK has a model for each, but for those that are empty."""
    assert {name for name in SCHEMAS if not hasattr(models, name)} == WITHOUT_MODEL
    assert [name for name in WITHOUT_MODEL if SCHEMAS[name].get("properties")] == ["ErrorBody"]


@pytest.mark.parametrize("name", sorted(SCHEMAS.keys() - WITHOUT_MODEL))
def test_a_schema_says_what_the_model_says(name: str) -> None:
    """The same properties, the same of them required, the same that may be null, the same values of enumerations."""
    schema, model = SCHEMAS[name], getattr(models, name)
    properties: dict[str, Json] = schema.get("properties", {})
    types, in_json = model.openapi_types, model.attribute_map

    assert {in_json[each] for each in types} == properties.keys()
    assert required(model) == set(schema.get("required", ()))
    assert {in_json[each] for each, found in types.items() if may_be_null(found)} == {
        each for each, found in properties.items() if allows_null(found)
    }
    enums = {in_json[place[0]]: {*values.values()} for place, values in model.allowed_values.items()}
    assert {each: found - {None} for each, found in enums.items()} == {
        each: found for each, schema in properties.items() if (found := enumerated(schema))
    }


def required(model: Any) -> set[str]:
    """What a model cannot be made without, in the names of JSON, by its own documentation."""
    _, _, positional = re.split(r"Keyword Args:", model.__init__.__doc__)[0].partition("Args:")
    return {model.attribute_map[each] for each in re.findall(r"^\s+(\w+) \(", positional, re.MULTILINE)}


def may_be_null(types: tuple[Any, ...]) -> bool:
    """Whether a model's attribute takes None: it says so itself, or the model that it holds does."""
    return any(each is type(None) or getattr(each, "_nullable", False) for each in types)


def allows_null(schema: Json) -> bool:
    """Whether null fits a property's schema."""
    if "$ref" in schema:
        return allows_null(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return any(map(allows_null, schema["anyOf"]))
    types = schema.get("type", [])
    return types == "null" or (isinstance(types, list) and "null" in types and "allOf" not in schema)


def enumerated(schema: Json) -> set[str]:
    """The values that a property, or each item of it, may have."""
    return {each for each in (schema.get("enum") or schema.get("items", {}).get("enum") or ()) if each is not None}
