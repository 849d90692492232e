"""Criteo's operations as an OpenAPI document, made of the schemas that everything else is checked against."""

from __future__ import annotations

import re
from typing import Any

from tests.contract.document import TOKEN, Json, document

VERSIONS = ("2026-01", "2026-07", "2027-01")

KINDS = {
    "AudienceSegmentCreateEntityV1": (
        "contactList",
        "inMarket",
        "location",
        "lookalike",
        "prospecting",
        "retargeting",
    ),
    "AudienceSegmentSizeEstimationEntityV1": ("inMarket", "location"),
}
"""The attributes of which a segment has one."""


def openapi() -> Json:
    """The document, with one path for each operation of any version."""
    paths: Json = {}
    for given in document()["endpoints"]:
        paths.setdefault(given["path"], {})[given["method"].lower()] = _operation(given)
    schemas = {name: _wanted(name, _as_component(each)) for name, each in document()["$defs"].items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": document()["title"], "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(given: Json) -> Json:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _part(given, name)} for name in _parts(given)
    ]
    parameters += [{**each, "in": "query"} for each in given["queryParameters"]]
    operation: Json = {"operationId": given["id"], "parameters": parameters, "responses": _responses(given)}
    if given["request"] is not None:
        media_type = given.get("requestContentType", "application/json")
        operation["requestBody"] = {
            "required": given["requestRequired"],
            "content": {media_type: {"schema": _as_component(given["request"])}},
        }
    return operation


def _wanted(name: str, schema: Json) -> Json:
    """The schema with what it lets a request leave out and no request makes sense without.

    Criteo's schemas require neither the `data` of a body nor the `id` and `attributes` in it, and let an algebra's node
    be anything. Bodies without them are still among those that are broken on purpose.
    """
    if name == "AlgebraNodeV1":
        return _node(schema)
    if name in KINDS:
        return _of_one_kind(schema, KINDS[name])
    given = schema.get("properties", {})
    wanted = {"data", "id", "attributes", "audienceId"} & given.keys()
    if re.search(
        r"Input(Entity)?V1$|Request$|(Create|Update|Delete|Size|Search).*Resource$|Link.*V1(Resource)?$", name
    ):
        return {**schema, "type": "object", "required": sorted(wanted | set(schema.get("required", ())))}
    return schema


def _of_one_kind(schema: Json, kinds: tuple[str, ...]) -> Json:
    """Attributes of a segment, which is of exactly one kind."""
    common = {name: each for name, each in schema["properties"].items() if name not in kinds}
    required = schema.get("required", [])
    return {
        "anyOf": [
            {
                "type": "object",
                "properties": {**common, kind: schema["properties"][kind]},
                "required": [*required, kind],
                "additionalProperties": False,
            }
            for kind in kinds
        ]
    }


def _node(schema: Json) -> Json:
    """A node of an algebra: exactly one of its four forms, none of them empty."""
    forms = {
        name: {**each, "type": "array", "minItems": 1} if "items" in each else each
        for name, each in schema["properties"].items()
    }
    forms["audienceSegmentId"] = {"type": "string"}
    return {
        "anyOf": [
            {"type": "object", "properties": {name: each}, "required": [name], "additionalProperties": False}
            for name, each in forms.items()
        ]
    }


def _parts(given: Json) -> list[str]:
    return re.findall(r"\{([^}]+)\}", given["path"])


def _part(given: Json, name: str) -> Json:
    if name == "version":
        return {"enum": [*VERSIONS]}
    schema = next(each["schema"] for each in given["pathParameters"] if each["name"] == name)
    is_number = schema.get("format") == "int32"
    return {"type": "string", "pattern": "^[0-9]{1,9}$"} if is_number else {"type": "string", "minLength": 1}


def _responses(given: Json) -> Json:
    responses: Json = {
        status: {"description": "done", **({} if schema is None else _content(_as_component(schema)))}
        for status, schema in given["responses"].items()
    }
    failure = "#/components/schemas/ErrorBody"
    return {
        **responses,
        "default": {"description": "failed", **({} if given["id"] == TOKEN else _content({"$ref": failure}))},
    }


def _content(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


def _as_component(schema: Any) -> Any:
    """The schema as a document of OpenAPI has it; formats that it does not know, and remarks, are left out."""
    if isinstance(schema, list):
        return [_as_component(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"].replace("#/$defs/", "#/components/schemas/")}
    return {name: _as_component(each) for name, each in schema.items() if not name.startswith("x-")}
