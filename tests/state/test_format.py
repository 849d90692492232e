"""Snapshot ↔ JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import StateError
from reconciler.state.format import decode, encode
from reconciler.state.snapshot import Snapshot
from tests.state.snapshots import full_snapshot

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE.parents[1] / "schemas" / "state.schema.json").read_text())
ROUNDTRIPS = sorted((HERE / "roundtrip").glob("*.in.json"))
BAD = {
    "not_json.json": "is truncated or is no JSON",
    "truncated.json": "is truncated or is no JSON",
    "somebody_elses.json": "no state of reconciler",
    "a_list.json": "no state of reconciler",
    "newer_version.json": "format version 2",
    "edited_by_hand.json": "does not fit its digest",
    "without_digest.json": "does not fit its digest",
    "unknown_key.json": "no state of reconciler",
    "count_without_source.json": "no state of reconciler",
}


@pytest.mark.parametrize("path", ROUNDTRIPS, ids=lambda path: path.stem)
def test_a_stored_snapshot_is_read_and_written_again_as_it_was(path: Path) -> None:
    """What an earlier version wrote is written again byte for byte."""
    data = path.read_bytes()
    assert encode(decode(data, path.name)) == data


def test_the_fullest_snapshot_is_among_those_stored() -> None:
    """The stored document of a full snapshot is what such a snapshot is written as today."""
    stored = (HERE / "roundtrip" / "full.in.json").read_bytes()
    assert decode(stored, "full") == full_snapshot()
    assert encode(full_snapshot()) == stored


def test_the_empty_snapshot_survives() -> None:
    """A snapshot with nothing in it comes back equal."""
    empty = Snapshot(workspace="shop", lineage="x")
    assert decode(encode(empty), "empty") == empty


@pytest.mark.parametrize("path", ROUNDTRIPS, ids=lambda path: path.stem)
def test_documents_follow_the_schema(path: Path) -> None:
    """Every stored document is valid by the published schema."""
    Draft202012Validator(SCHEMA).validate(json.loads(path.read_text()))


def test_the_schema_describes_every_property() -> None:
    """No property of the schema is without a description, and none that we do not write is allowed."""
    for name, node in _objects(SCHEMA, "state"):
        assert "additionalProperties" in node, name
        assert all("description" in each or "$ref" in each for each in node.get("properties", {}).values()), name


def _objects(node: object, name: str) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(node, list):
        return [found for each in node for found in _objects(each, name)]
    if not isinstance(node, dict):
        return []
    own = [(name, node)] if node.get("type") == "object" and name != "definition" else []
    return own + [found for key, each in node.items() if key != "definition" for found in _objects(each, key)]


@pytest.mark.parametrize(("name", "message"), BAD.items())
def test_a_bad_file_is_refused_with_what_to_do(name: str, message: str) -> None:
    """Files that are not whole, newer, edited or somebody else's are told apart, and the message has a way out."""
    with pytest.raises(StateError) as caught:
        decode((HERE / "bad" / name).read_bytes(), name)
    assert message in caught.value.detail
    assert name in caught.value.detail
    assert "left untouched" in caught.value.hint
    assert caught.value.exit_code == 4


def test_every_bad_file_is_asked_for() -> None:
    """No bad file lies there untested."""
    assert {path.name for path in (HERE / "bad").iterdir()} == set(BAD)
