"""The shop and its workspace can tell right from wrong: nothing here passes by being empty, absent or alike."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.real import address, brute, fetch, shop
from tests.real.misreadings import MISREADINGS
from tests.real.moments import MOMENTS
from tests.real.reading import Condition, World, instant, read_people, read_yaml

HERE = Path(__file__).parent
OPERATORS = ("is", "not", "at_least", "at_most", "more_than", "less_than", "contains", "starts_with", "exists")
OPTIONS = ("name", "description", "owner", "publish", "slices", "active", "purpose", "reason", "expected_members")


# The log


def test_the_log_is_the_published_one() -> None:
    """31,106 events of nineteen kinds by 600 users in half a year, in whole seconds without a zone."""
    log = shop.read_log(fetch.checked_wheel())
    times = sorted(row["timestamp"] for row in log)
    assert len(log) == shop.ROWS
    assert len({row["event"] for row in log}) == 19
    assert len({row["user_id"] for row in log}) == 600
    assert (times[0], times[-1]) == ("2024-01-04 11:45:38", "2024-06-29 22:02:40")
    assert times[0] < MOMENTS[0] < MOMENTS[1] < MOMENTS[2] < times[-1]


def test_the_shop_is_the_same_every_time(workspace: Path, tmp_path: Path) -> None:
    """Made again it has the same bytes."""
    shop.write(fetch.checked_wheel(), tmp_path / "again")
    names = [path.relative_to(workspace / "data") for path in (workspace / "data").rglob("*.*")]
    assert len(names) == 7
    assert all((workspace / "data" / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in names)


def test_addresses_are_broken_and_shared_as_meant(world: World) -> None:
    """About a tenth of the first addresses are broken, and about a twentieth of the people share one."""
    first = [address.identifier(person.attributes["email"]) for person in world.people]
    valid = [identifier for identifier in first if identifier is not None]
    assert 0.08 < first.count(None) / len(first) < 0.12
    assert 0.03 < (len(valid) - len(set(valid))) / len(first) < 0.07
    assert {address.identifier(form.replace("{n}", "b1")) for form in shop.BROKEN} == {None}


# The workspace


def leaves(condition: Condition, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Each leaf of a condition, and each group as its name and depth."""
    groups = [group for group in brute.GROUPS if group in condition]
    for group in groups:
        yield f"{group} at {'the top' if depth == 0 else 'depth'}", None
        for each in condition[group]:
            yield from leaves(each, depth + 1)
    if not groups:
        yield "leaf", condition


def literal_kind(literal: object) -> str:
    if isinstance(literal, list):
        return "list of " + literal_kind(literal[0])
    return {bool: "yes/no", Decimal: "number", str: "text"}[type(literal)]


def comparison_uses(subject: str, comparisons: object) -> Iterator[str]:
    written = comparisons if isinstance(comparisons, Mapping) else {"bare": comparisons}
    for operator, literal in written.items():
        yield f"{subject} {operator} {literal_kind(literal)}"


def window_use(text: str) -> str:
    if text == "slice" or ".." not in text:
        return "slice" if text == "slice" else ("age" if text[0].isdigit() else "window's name")
    return "open bounds" if text.endswith("..") else "bounds"


def event_uses(leaf: Condition) -> Iterator[str]:
    yield "several kinds" if isinstance(leaf["event"], list) else "one kind"
    if "latest" in leaf:
        yield "latest"
    if "within" in leaf:
        yield f"within {window_use(leaf['within'])}"
    if "not_followed_by" in leaf:
        yield f"not_followed_by {literal_kind(leaf['not_followed_by'])}"
    for comparisons in leaf.get("where", {}).values():
        yield from comparison_uses("where", comparisons)
    if "times" in leaf:
        yield from comparison_uses("times", leaf["times"])
    if "total" in leaf:
        yield from comparison_uses("total", {key: each for key, each in leaf["total"].items() if key != "of"})


def leaf_uses(leaf: Condition) -> Iterator[str]:
    if "event" in leaf:
        yield from event_uses(leaf)
    elif "attribute" in leaf:
        yield from comparison_uses("attribute", {key: each for key, each in leaf.items() if key != "attribute"})
    elif "segment" in leaf:
        yield "segment.slice" if "." in leaf["segment"] else "segment"
    else:
        yield "everyone"


def uses(segments: Iterable[Condition]) -> Iterator[str]:
    """Everything of the language that the segments make use of."""
    for segment in segments:
        yield from segment
        for kind, leaf in leaves(segment["who"]):
            yield from leaf_uses(leaf) if kind == "leaf" else [kind]


def required() -> set[str]:
    """What the workspace has to use."""
    numeric = ("is", "not", "at_least", "at_most", "more_than", "less_than")
    return {
        *OPTIONS,
        "allow_empty",
        *(f"{group} at {place}" for group in brute.GROUPS for place in ("the top", "depth")),
        *("one kind", "several kinds", "latest", "everyone", "segment", "segment.slice"),
        *(f"within {each}" for each in ("slice", "age", "window's name", "bounds", "open bounds")),
        *("not_followed_by text", "not_followed_by list of text"),
        *(f"attribute {operator} number" for operator in numeric if operator != "is"),
        *("attribute is list of number", "attribute is list of text", "attribute not list of text"),
        *(f"attribute {operator} text" for operator in OPERATORS if operator != "exists"),
        *("attribute is yes/no", "attribute not yes/no", "attribute exists yes/no"),
        *("where bare text", "where bare yes/no", "where is yes/no", "where exists yes/no", "where is list of text"),
        *("where not list of text", "where at_least number", "where contains text", "where starts_with text"),
        *(f"times {operator} number" for operator in ("bare", "at_least", "at_most", "more_than", "less_than")),
        *("times is list of number", "times not list of number"),
        *(f"total {operator} number" for operator in numeric if operator != "not"),
    }


def test_the_workspace_uses_the_whole_language(world: World) -> None:
    """Every condition, comparison and option stands in some segment, and fifteen segments at least are published."""
    assert required() - set(uses(world.segments.values())) == set()
    assert sum(segment.get("publish") is not False for segment in world.segments.values()) >= 15


def test_the_workspace_sets_what_settings_there_are(workspace: Path) -> None:
    """Consent, freshness, guards, two columns of addresses and exclusions of every audience are all in use."""
    settings = read_yaml(workspace / "reconciler.yaml")
    customers = settings["source"]["customers"]
    assert len(customers["identifiers"]["email"]["columns"]) == 2
    assert customers["consent"]["missing"] == "ignore"
    assert settings["source"]["events"]["fresh_within"]
    assert settings["guards"]
    assert settings["always_exclude"]


def test_every_list_has_members(expected: Mapping[str, Mapping[str, set[str]]]) -> None:
    """No list is empty at all three moments, and none holds everybody's identifiers."""
    everybody = set().union(*(held for lists in expected.values() for held in lists.values()))
    for name in expected[MOMENTS[0]]:
        assert any(lists[name] for lists in expected.values()), name
        assert all(lists[name] < everybody for lists in expected.values()), name


# Misreadings: for each, the lists of some moment are others


ORIGINAL_TIDY = address.tidy


@pytest.mark.parametrize("misread", MISREADINGS, ids=lambda misread: misread[2].__name__)
def test_a_misreading_would_be_seen(
    misread: tuple[object, str, Callable[..., object]],
    world: World,
    expected: Mapping[str, Mapping[str, set[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever reads this one rule otherwise gets another list at one of the moments."""
    monkeypatch.setattr(*misread)
    lists = (brute.lists(brute.Moment(world=world, as_of=instant(as_of))) == expected[as_of] for as_of in MOMENTS)
    assert not all(lists)


@pytest.mark.parametrize(
    "careless",
    [
        lambda text: text.strip().lower(),
        lambda text: text if "\uff20" in text else ORIGINAL_TIDY(text),
        lambda text: ORIGINAL_TIDY("".join(each for each in text if each.isascii())),
        lambda text: ORIGINAL_TIDY(text).casefold(),
    ],
    ids=["trim and lower-case", "no full width", "ascii alone", "case folding"],
)
def test_a_careless_address_would_be_seen(
    careless: Callable[[str], str], workspace: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever leaves out a step of normalising has other identifiers."""
    monkeypatch.setattr(address, "tidy", careless)
    people = read_people(workspace, read_yaml(workspace / "reconciler.yaml")["source"])
    assert brute.identifiers_of(people) != brute.identifiers_of(world.people)


# Independence


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module).partition(".")[0]


def test_the_evaluation_shares_nothing_with_the_product() -> None:
    """Nothing here imports the product, a query engine or a library of tables."""
    names = {name for path in HERE.glob("*.py") for name in imported(path)}
    assert {"yaml", "tests"} <= names
    assert not names & {"reconciler", "duckdb", "sqlglot", "pandas", "polars", "numpy", "pyarrow"}
