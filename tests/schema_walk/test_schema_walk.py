"""No key is parsed and ignored."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.schema_walk.case import Case, Condition, differences, names, observed
from tests.schema_walk.cases import CASES, CONDITIONS
from tests.schema_walk.conftest import NewCriteo
from tests.schema_walk.given import DATA, SETTINGS
from tests.schema_walk.walk import keys, schemas

NEEDED = {"reconciler.yaml: criteo.email_form": pytest.mark.switches(email_digests="all")}
"""What Criteo has to be like where a key is only for such a Criteo."""

PLANNED_TOGETHER: list[dict[str, int]] = []
"""How many each condition holds, in its first version and in its second; made by whichever test comes first."""


@pytest.mark.parametrize("key", [pytest.param(key, marks=NEEDED.get(key, ())) for key in keys()])
def test_a_key_changes_the_plan_the_requests_or_the_exit_code(key: str, tmp_path: Path, new_criteo: NewCriteo) -> None:
    """Two workspaces that differ in this key alone do not come to the same."""
    case = CASES.get(key) or CONDITIONS.get(key)
    assert case is not None, f"`{key}` has no case: show what it changes, or take it out of the schema"
    assert differences(case), "the two variants are the same"
    assert all(names(key, path) for path in differences(case)), differences(case)
    if isinstance(case, Condition):
        one, other = (counts[key] for counts in planned_together(tmp_path, new_criteo))
    else:
        one, other = (observed(case, text, folder(tmp_path, text), new_criteo()) for text in case.variants)
    assert one != other


def planned_together(place: Path, new_criteo: NewCriteo) -> list[dict[str, int]]:
    """How many each condition holds, in both versions."""
    while len(PLANNED_TOGETHER) < 2:
        each = len(PLANNED_TOGETHER)
        whos = [condition.variants[each] for condition in CONDITIONS.values()]
        segments = "".join(f"  s{number}: {{ who: {who} }}\n" for number, who in enumerate(whos))
        case = Case(
            shows="members",
            file="definitions.yaml",
            variants=("", ""),
            files={**DATA, "reconciler.yaml": SETTINGS},
        )
        text = f"version: 1\nsegments:\n{segments}"
        counts = observed(case, text, folder(place, text), new_criteo())
        PLANNED_TOGETHER.append({key: counts[f"segment.s{n}"] for n, key in enumerate(CONDITIONS)})
    return PLANNED_TOGETHER


def folder(place: Path, text: str) -> Path:
    """A folder of its own for a workspace."""
    root = place / sha256(text.encode()).hexdigest()[:8]
    root.mkdir()
    return root


def test_every_case_is_of_a_key() -> None:
    """A case of a key that is no more would show nothing."""
    assert set(CASES) | set(CONDITIONS) <= set(keys())
    assert not set(CASES) & set(CONDITIONS)


def test_the_walk_goes_everywhere() -> None:
    """It descends through references, names of the user's own, lists and branches, and does not go round in circles."""
    found = keys()
    assert len(found) == len(set(found)) > 100
    assert {
        "reconciler.yaml: source.events.fresh_within.*",
        "reconciler.yaml: source.events[].time",
        "reconciler.yaml: source.customers.identifiers.email.columns",
        "definitions: segments.*.who.where.*.starts_with",
        "definitions: removed.*.contents",
    } <= set(found)
    assert not [key for key in found if "who.all[]" in key]


def test_a_new_key_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A property added anywhere, also behind a reference, is found by the walk and has no case."""
    for name, schema in schemas().items():
        for definition in ("period", "percentage"):
            if definition in schema["$defs"]:
                schema["$defs"][definition].setdefault("properties", {})["until_noon"] = {"type": "boolean"}
        (tmp_path / name).write_text(json.dumps(schema), encoding="utf-8")
    monkeypatch.setattr("tests.schema_walk.walk.SCHEMAS", tmp_path)
    assert set(keys()) - {*CASES, *CONDITIONS} == {
        "reconciler.yaml: guards.max_gone.until_noon",
        "reconciler.yaml: guards.max_changed.until_noon",
        "reconciler.yaml: guards.max_invalid.until_noon",
        "reconciler.yaml: lint.giant_share.until_noon",
        "definitions: segments.*.active.until_noon",
        "definitions: audiences.*.active.until_noon",
    }
