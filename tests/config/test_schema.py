from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from reconciler.config import schema

NAMES = (schema.SETTINGS, schema.DEFINITIONS)
Part = tuple[str, dict[str, Any]]


def parts(value: Any, path: str = "") -> Iterator[Part]:
    """Every mapping inside a schema, with its path."""
    if isinstance(value, dict):
        yield path, value
        for key, child in value.items():
            yield from parts(child, f"{path}/{key}")
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from parts(child, f"{path}/{number}")


def schemas(name: str) -> list[Part]:
    """The mappings that are schemas, not lists of properties, examples or messages."""
    lists = ("/properties", "/$defs", "/dependentSchemas", "/x-messages", "/dependentRequired")
    return [
        (path, part)
        for path, part in parts(schema.document(name))
        if not path.endswith(lists) and "/examples" not in path
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_a_schema(name: str) -> None:
    """Both files are valid JSON Schema 2020-12, for editors as for us."""
    assert schema.document(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema.document(name))


@pytest.mark.parametrize("name", NAMES)
def test_every_property_is_described(name: str) -> None:
    """Editors can explain every key, and every key that stands for a user's own name."""
    missing = []
    for path, part in schemas(name):
        children = dict(part.get("properties", {}))
        if isinstance(part.get("additionalProperties"), dict):
            children["*"] = part["additionalProperties"]
        missing += [
            f"{path}/{key}" for key, child in children.items() if not child.get("description", "").endswith(".")
        ]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_every_value_has_an_example_a_default_or_a_choice(name: str) -> None:
    """Every property shows a value, so that editors can offer it and explain by it."""
    bare = [
        f"{path}/{key}"
        for path, part in schemas(name)
        for key, child in part.get("properties", {}).items()
        if not {"examples", "default", "enum", "const"} & meant(child, name).keys()
    ]
    assert bare == []


def meant(part: dict[str, Any], name: str) -> dict[str, Any]:
    """A schema with what it refers to."""
    if "$ref" not in part:
        return part
    file, _, key = part["$ref"].partition("#/$defs/")
    return {**meant(schema.document(file or name)["$defs"][key], file or name), **part}


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_is_explained(name: str) -> None:
    """Beside each word that can be chosen stands what it does."""
    silent = [
        path
        for path, part in schemas(name)
        if "enum" in part
        and "propertyNames" not in path
        and [text[-1:] for text in part.get("enumDescriptions", ())] != ["."] * len(part["enum"])
    ]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_examples_and_defaults_are_right(name: str) -> None:
    """What is offered to be written is what may be written there."""
    resources = [(each, DRAFT202012.create_resource(schema.document(each))) for each in NAMES]
    registry: Registry[Any] = Registry[Any]().with_resources(resources)
    wrong = []
    for path, part in schemas(name):
        offered = [*part.get("examples", ()), *([part["default"]] if "default" in part else [])]
        pointer = path.replace("$", "%24")
        check = Draft202012Validator({"$ref": f"{name}#{pointer}"}, registry=registry)
        wrong += [(path, value) for value in offered if not check.is_valid(value)]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_every_mapping_is_closed(name: str) -> None:
    """No mapping takes keys that nobody reads."""
    open_ones = [
        path for path, part in schemas(name) if "properties" in part and part.get("additionalProperties") is not False
    ]
    assert open_ones == []


@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_either_there_or_not_yet(name: str) -> None:
    """What is announced as missing is missing."""
    for path, part in schemas(name):
        assert not set(part.get("x-not-yet", ())) & part.get("properties", {}).keys(), path


@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_says_in_words_what_it_wants(name: str) -> None:
    """Nobody is shown a regular expression, neither by us nor by an editor."""
    silent = [
        path
        for path, part in schemas(name)
        if "pattern" in part and not {"patternErrorMessage", "errorMessage"} & part.keys()
    ]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_what_editors_show_is_text(name: str) -> None:
    """Messages by rule stand in `x-messages`; an editor would print a mapping as it is, or nothing."""
    texts = ("errorMessage", "patternErrorMessage", "description", "markdownDescription", "title")
    odd = [path for path, part in schemas(name) for key in texts if not isinstance(part.get(key, ""), str)]
    assert odd == []


def test_both_files_offer_the_same_definitions() -> None:
    """reconciler.yaml may hold all that other files may hold."""
    settings, definitions = (schema.document(name)["properties"].keys() for name in NAMES)
    assert definitions <= settings
    assert schema.settings_keys() == settings - definitions


def test_a_line_break_at_the_end_does_not_slip_through() -> None:
    """`$` in a pattern is the very end of the text."""
    broken = {"version": 1, "segments": {"a\n": {"who": {"everyone": True}}}}
    assert [violation.rule for violation in schema.violations(broken, schema.DEFINITIONS)] == ["pattern"]


@pytest.mark.parametrize(
    ("items", "twice"), [(["a", "a"], 1), ([1, True], None), ([0, False, "0"], None), ([2, 3, 2], 2)]
)
def test_values_of_different_kinds_are_different(items: list[Any], twice: int | None) -> None:
    """`1` and `true` in one list are two values; the second of two equal ones is named by its place."""
    data = {"version": 1, "segments": {"a": {"who": {"attribute": "x", "is": items}}}}
    found = [violation.path[-1] for violation in schema.violations(data, schema.DEFINITIONS)]
    assert found == ([] if twice is None else [twice])
