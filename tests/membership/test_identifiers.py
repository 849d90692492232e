"""Identifiers of several types, columns and forms, from the source to what is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import SourceInvalid
from reconciler.membership.ledger import DoubtFile, LedgerFiles
from reconciler.membership.session import Session, open_session
from reconciler.model.address import Address
from reconciler.model.conditions import Everyone
from reconciler.model.definition import Definition, Who
from reconciler.model.identifiers import Form, Identifiers, IdentifierType
from reconciler.model.membership import AskedSegment, Cause
from reconciler.model.settings import Criteo, IdentifierColumn
from tests.membership import worlds
from tests.membership.brute import World
from tests.membership.worlds import everything

ALL = Address("segment.all")
EVERYBODY = Definition(Who(Everyone()))
EMAIL = IdentifierColumn(type="email", column="email")
PHONE = IdentifierColumn(type="phoneNumber", column="phone", region="US")
TEXT = {"customer_id": "varchar", "email": "varchar", "phone": "varchar"}


def sha256(value: str) -> str:
    """As hex."""
    return hashlib.sha256(value.encode()).hexdigest()


@contextmanager
def session(
    root: Path,
    rows: list[dict[str, Any]],
    *identifiers: IdentifierColumn,
    types: dict[str, str] | None = None,
    form: Form = "sha256",
    ledger: LedgerFiles | None = None,
    doubts: tuple[DoubtFile, ...] = (),
    name: str = "c.parquet",
) -> Iterator[Session]:
    """A list of everybody, over customers of a Parquet file, or of one that is there already."""
    if not (root / name).exists() or rows:
        worlds.write(root / name, rows, types or TEXT)
    made = worlds.settings(root, World(customers=(), events=()), customers=name, events=None)
    customers = replace(made.source.customers, identifiers=identifiers)
    made = replace(made, source=replace(made.source, customers=customers), criteo=Criteo(email_form=form))
    asked = AskedSegment(
        key="all", lists=((ALL, None),), wanted=EVERYBODY, applied=EVERYBODY, applied_as_of=worlds.AS_OF
    )
    request = worlds.request(made, [asked], folders=(root,), ledger=ledger, doubts=doubts)
    with open_session(request) as opened:
        yield opened


def added(opened: Session) -> list[tuple[IdentifierType, tuple[str, ...]]]:
    """The batches to add."""
    return told(opened.decide(everything([ALL])).batches(ALL, "add"))


def told(batches: Iterable[Identifiers]) -> list[tuple[IdentifierType, tuple[str, ...]]]:
    """Batches, each sorted: their order tells nothing."""
    return [(batch.type, tuple(sorted(digest.hex() for digest in batch.digests))) for batch in batches]


def person(number: int, **columns: Any) -> dict[str, Any]:
    """A record."""
    return {"customer_id": str(number), "email": None, "phone": None, **columns}


def test_each_batch_is_of_one_type(tmp_path: Path) -> None:
    """Addresses and telephone numbers go in calls of their own; a blank column sends nothing."""
    rows = [
        person(1, email="Ann@example.com", phone="(202) 555-0143"),
        person(2, phone="+1 202 555 0199"),
        person(3, email="bob@example.com"),
    ]
    with session(tmp_path, rows, EMAIL, PHONE) as opened:
        assert added(opened) == [
            ("email", tuple(sorted(map(sha256, ["ann@example.com", "bob@example.com"])))),
            ("phoneNumber", tuple(sorted(map(sha256, ["12025550143", "12025550199"])))),
        ]
        assert opened.membership.lists[ALL].wanted == 4
        assert dict(opened.membership.health.invalid) == {"blank": 2}


@pytest.mark.parametrize("form", ["md5", "sha256_of_md5"])
def test_the_form_is_of_addresses_alone(tmp_path: Path, form: Form) -> None:
    """Telephone numbers are always SHA-256."""
    digest = hashlib.md5(b"ann@example.com").hexdigest()  # noqa: S324
    expected = digest if form == "md5" else sha256(digest)
    with session(tmp_path, [person(1, email="ann@example.com", phone="2025550143")], EMAIL, PHONE, form=form) as opened:
        assert added(opened) == [("email", (expected,)), ("phoneNumber", (sha256("12025550143"),))]
        assert opened.decide({}).form == form


def test_columns_of_digests_and_plain_ones_meet(tmp_path: Path) -> None:
    """One address, plain on one record and hashed on another, is one identifier."""
    types = TEXT | {"hash": "varchar"}
    hashed = IdentifierColumn(type="email", column="hash", hashed="sha256")
    rows = [
        person(1, email="ann@example.com", hash=None),
        person(2, hash=sha256("ann@example.com").upper()),
        person(3, hash=sha256("bob@example.com")),
    ]
    with session(tmp_path, rows, EMAIL, hashed, types=types) as opened:
        assert added(opened) == [("email", tuple(sorted(map(sha256, ["ann@example.com", "bob@example.com"]))))]


def test_every_element_of_a_list_is_an_identifier(tmp_path: Path) -> None:
    """Each is normalised and sent by itself; NULL, an empty list and blank elements send nothing."""
    types = TEXT | {"email": "varchar[]"}
    rows = [
        person(1, email=["Ann@example.com", " bob@example.com", None, "", "not an address"]),
        person(2, email=[]),
        person(3, email=None),
        person(4, email=["\uff41nn@example.com", "ann@example.com"], phone="2025550143"),
    ]
    with session(tmp_path, rows, EMAIL, PHONE, types=types) as opened:
        assert added(opened) == [
            ("email", tuple(sorted(map(sha256, ["ann@example.com", "bob@example.com"])))),
            ("phoneNumber", (sha256("12025550143"),)),
        ]
        health = opened.membership.health
        assert (health.valid_identifiers, dict(health.invalid)) == (5, {"blank": 5, "no_at": 1})


def test_lists_of_json_are_lists(tmp_path: Path) -> None:
    """A key of which some value is an array holds a list in every row; a single value is a list of one."""
    lines = [{"customer_id": "1", "email": ["Ann@example.com", "bob@example.com"]}, {"customer_id": "2", "email": "c"}]
    (tmp_path / "c.json").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with session(tmp_path, [], EMAIL, name="c.json") as opened:
        assert added(opened) == [("email", tuple(sorted(map(sha256, ["ann@example.com", "bob@example.com"]))))]
        assert dict(opened.membership.health.invalid) == {"no_at": 1}


def test_a_list_column_can_be_the_only_one(tmp_path: Path) -> None:
    """Telephone numbers as a list, and people without one are told from those with bad ones."""
    types = TEXT | {"phone": "bigint[]"}
    rows = [person(1, phone=[2025550143, 12]), person(2, phone=[12]), person(3, phone=[])]
    with session(tmp_path, rows, PHONE, types=types) as opened:
        assert added(opened) == [("phoneNumber", (sha256("12025550143"),))]
        left_out = {str(why): count for why, count in opened.membership.lists[ALL].left_out.items()}
        assert left_out == {"invalid identifier": 1, "no identifier": 1}


def test_the_ledger_keeps_types_apart(tmp_path: Path) -> None:
    """What was written is told again by type: nothing moves, then the one that is gone does."""
    rows = [person(1, email="ann@example.com", phone="2025550143"), person(2, phone="2025550199")]
    with session(tmp_path, rows, EMAIL, PHONE) as opened:
        moves = opened.decide(everything([ALL]))
        assert moves.write_ledger(tmp_path / "base", {ALL: 0}, everything([ALL])) is True
        moves.write_intent(tmp_path / "intent", {ALL: 0})
    ledger = LedgerFiles(base=tmp_path / "base")
    with session(tmp_path, rows, EMAIL, PHONE, ledger=ledger) as opened:
        assert added(opened) == []
    with session(tmp_path, rows[:1], EMAIL, PHONE, ledger=ledger) as opened:
        assert opened.membership.lists[ALL].removed_by == {Cause.GONE: 1}
        moves = opened.decide(everything([ALL]))
        assert told(moves.batches(ALL, "remove")) == [("phoneNumber", (sha256("12025550199"),))]
        assert moves.write_ledger(tmp_path / "delta", {ALL: 0}, everything([ALL])) is True
    with session(tmp_path, rows[:1], EMAIL, PHONE, ledger=LedgerFiles(base=tmp_path / "delta")) as opened:
        assert added(opened) == []
    doubt = DoubtFile(path=tmp_path / "intent", bits={ALL: 0}, lists=frozenset({ALL}))
    with session(tmp_path, rows[:1], EMAIL, PHONE, doubts=(doubt,)) as opened:
        removed = opened.decide(everything([ALL])).batches(ALL, "remove")
        assert told(removed) == [("phoneNumber", (sha256("12025550199"),))]


def test_one_value_of_two_types_is_two_identifiers(tmp_path: Path) -> None:
    """Digests that happen to be the same under both types are sent under both, and one can leave alone."""
    both = (
        IdentifierColumn(type="email", column="email", hashed="sha256"),
        IdentifierColumn(type="phoneNumber", column="phone", hashed="sha256"),
    )
    digest = sha256("2")
    with session(tmp_path, [person(1, email=digest, phone=digest)], *both) as opened:
        assert added(opened) == [("email", (digest,)), ("phoneNumber", (digest,))]
        moves = opened.decide(everything([ALL]))
        moves.write_ledger(tmp_path / "base", {ALL: 0}, everything([ALL]))
    with session(tmp_path, [person(1, email=digest)], *both, ledger=LedgerFiles(base=tmp_path / "base")) as opened:
        removed = opened.decide(everything([ALL])).batches(ALL, "remove")
        assert told(removed) == [("phoneNumber", (digest,))]


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        (
            EMAIL,
            [sha256("1"), "ann@example.com", "ab" * 16],
            "`email` is declared as plain, and 2 of 3 values are digests",
        ),
        (PHONE, ["AB" * 32, None], "`phone` is declared as plain, and 1 of 2 values are digests"),
        (
            replace(EMAIL, hashed="md5"),
            ["ann@example.com", "ab" * 16, "unknown"],
            "`email` is declared as md5, and 1 of 3 values are plain addresses",
        ),
        (
            replace(PHONE, hashed="sha256"),
            ["202 555 0143", "bob@example.com"],
            "`phone` is declared as sha256, and 2 of 2 values are plain telephone numbers",
        ),
    ],
)
def test_what_was_not_declared_so_stops_the_run(
    tmp_path: Path, column: IdentifierColumn, values: list[str | None], told: str
) -> None:
    """Digests where plain was declared, and the reverse, are refused with how many, in which column, and no value."""
    rows = [person(number, **{column.column: value}) for number, value in enumerate(values)]
    with pytest.raises(SourceInvalid) as caught, session(tmp_path, rows, column, form=column.hashed or "sha256"):
        pass
    assert f"reconciler.yaml:6:5: {told}" in str(caught.value).replace("source.customers.table: ", "")
    assert not any(value and value in str(caught.value) for value in values)
