from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import SourceInvalid
from reconciler.membership.audit import audit
from reconciler.model.audit import ColumnAudit, Shape
from reconciler.model.settings import EngineAccess, Events, IdentifierColumn, Settings, Table
from tests.membership import worlds
from tests.membership.brute import World

EMAIL = IdentifierColumn(type="email", column="email")
PHONE = IdentifierColumn(type="phoneNumber", column="phone", region="US")


def workspace(root: Path, *identifiers: IdentifierColumn, name: str = "c.parquet") -> Settings:
    """Settings over one table of customers."""
    made = worlds.settings(root, World(customers=(), events=()), customers=name, events=None)
    customers = replace(made.source.customers, identifiers=identifiers)
    return replace(made, source=replace(made.source, customers=customers))


def looked_at(root: Path, values: list[Any], column: IdentifierColumn = EMAIL, kind: str = "varchar") -> ColumnAudit:
    """One column of customers."""
    rows = [{"customer_id": str(number), column.column: value} for number, value in enumerate(values)]
    worlds.write(root / "c.parquet", rows, {"customer_id": "varchar", column.column: kind})
    (found,) = audit(workspace(root, column), {}, EngineAccess()).columns
    return found


def test_a_column_is_counted_before_and_after(tmp_path: Path) -> None:
    """Blanks, faults as found, reasons after normalisation, different identifiers, and the share that is lost."""
    values = ["Ann@example.com", " ann@example.com", "bob@example.com", None, " ", "carl@example", "n/a", "a@b,com"]
    found = looked_at(tmp_path, values)
    assert (found.table, found.column, found.type, found.hashed) == ("customers", "email", "email", None)
    assert (found.rows, found.blank, found.valid, found.distinct, found.shared) == (8, 2, 3, 2, 1)
    assert dict(found.invalid) == {"domain": 2, "no_at": 1}
    assert dict(found.faults) == {
        "comma_for_dot": 1,
        "no_at": 1,
        "no_dot": 1,
        "placeholder": 1,
        "surrounding_space": 1,
        "upper_case": 1,
    }
    assert found.lost == Fraction(3, 6)


def test_only_shapes_that_three_rows_share_are_shown(tmp_path: Path) -> None:
    """The most frequent first, rarer ones as a number alone, valid ones not at all."""
    invalid = ["ann@example", "bob@shop", "x@y", "carl..d", "e..f", "g..h", "i..j", "one", "one@two@three"]
    found = looked_at(tmp_path, [*invalid, "ann@example.com", "bob@example.com", "c@example.com", None])
    assert found.shapes == (Shape("a+..a+", 4), Shape("a+@a+", 3))
    assert found.other_shapes == 2


def test_telephone_numbers_are_audited_by_their_own_faults(tmp_path: Path) -> None:
    """With the region of the column."""
    found = looked_at(tmp_path, ["(202) 555-0143", "+1 202 555 0143", "12", "ann@example.com"], PHONE)
    assert dict(found.faults) == {"no_country_code": 2, "address": 1, "letters": 1}
    assert dict(found.invalid) == {"not_a_number": 1, "too_short": 1}
    assert (found.valid, found.distinct, found.shared) == (2, 1, 1)


def test_of_a_list_each_element_is_a_row(tmp_path: Path) -> None:
    """Elements are counted one by one."""
    found = looked_at(tmp_path, [["ann@example.com", "bob"], [], None, ["ann@example.com", None]], kind="varchar[]")
    assert (found.rows, found.blank, found.valid, found.distinct, found.shared) == (4, 1, 2, 1, 1)


def test_what_was_not_declared_so_is_counted_and_refuses_nothing(tmp_path: Path) -> None:
    """A plan would stop; an audit says how much of it there is."""
    digest = hashlib.sha256(b"ann@example.com").hexdigest()
    assert dict(looked_at(tmp_path, [digest, "ann@example.com"]).invalid) == {"hash": 1}
    hashed = replace(EMAIL, hashed="sha256")
    assert dict(looked_at(tmp_path, [digest, "ann@example.com"], hashed).invalid) == {"plain": 1}


def test_an_empty_column_loses_nothing(tmp_path: Path) -> None:
    """Of nothing, nothing is lost."""
    found = looked_at(tmp_path, [None, ""])
    assert (found.lost, found.distinct, found.shapes) == (Fraction(0), 0, ())


def test_identifiers_of_guests_are_audited_as_well(tmp_path: Path) -> None:
    """Columns of every source of events, each under its own name."""
    worlds.write(
        tmp_path / "c.parquet",
        [{"customer_id": "1", "email": "a@b.co"}],
        {"customer_id": "varchar", "email": "varchar"},
    )
    types = dict.fromkeys(("customer_id", "occurred_at", "mail"), "varchar")
    rows = [{"customer_id": None, "occurred_at": "2026-11-01", "mail": mail} for mail in ("ann@example.com", "bob")]
    worlds.write(tmp_path / "o.csv", rows, types)
    worlds.write(tmp_path / "v.csv", rows[:1], types)
    made = workspace(tmp_path, EMAIL)
    sources = tuple(
        Events(
            table=Table(name=name, place=worlds.EVENTS_AT),
            customer="customer_id",
            kind=name,
            time="occurred_at",
            identifiers=(IdentifierColumn(type="email", column="mail"),),
        )
        for name in ("o.csv", "v.csv")
    )
    made = replace(made, source=replace(made.source, events=sources))
    found = audit(made, {}, EngineAccess()).columns
    assert [(each.table, each.column, each.rows, each.valid) for each in found] == [
        ("customers", "email", 1, 1),
        ("events[0]", "mail", 2, 1),
        ("events[1]", "mail", 1, 1),
    ]


def test_a_missing_column_is_refused(tmp_path: Path) -> None:
    """With its place, as a plan refuses it."""
    worlds.write(tmp_path / "c.parquet", [{"customer_id": "1"}], {"customer_id": "varchar"})
    with pytest.raises(SourceInvalid, match="no column `email`"):
        audit(workspace(tmp_path, EMAIL), {}, EngineAccess())
