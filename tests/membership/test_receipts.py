"""Receipts of ledgers that live as tables on an engine."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from reconciler.errors import StateError
from reconciler.membership.receipts import (
    KEPT,
    Receipt,
    check_receipt,
    missing_table,
    read_receipt,
    succession,
    write_receipt,
)

RECEIPT = Receipt(engine="spark", table="ours.ledger_1", rows=12_345, digest="77", earlier=("ours.ledger_0",))


def test_a_receipt_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Nothing of a receipt is lost in the file."""
    write_receipt(tmp_path / "base.parquet", RECEIPT)

    assert read_receipt(tmp_path / "base.parquet", "spark") == RECEIPT


def test_a_file_that_holds_the_rows_has_no_receipt(tmp_path: Path) -> None:
    """Parquet is told from a receipt by its first bytes, whatever its name."""
    duckdb.table_function("range", [1]).write_parquet(str(tmp_path / "base.parquet"))

    assert read_receipt(tmp_path / "base.parquet", "spark") is None


def test_a_receipt_of_another_engine_is_refused(tmp_path: Path) -> None:
    """A ledger on Spark is not looked for on Postgres; both are named, exit 4."""
    write_receipt(tmp_path / "base.parquet", RECEIPT)

    with pytest.raises(StateError, match="another engine") as caught:
        read_receipt(tmp_path / "base.parquet", "postgres")

    assert "`engine: spark`" in caught.value.detail
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "7", '{"format": 1}', '{"format": 2, "engine": "spark"}', "\x80"],
    ids=["empty", "a list", "null", "a number", "without its table", "a newer format", "not UTF-8"],
)
def test_what_is_neither_rows_nor_a_receipt_is_refused(text: str, tmp_path: Path) -> None:
    """A damaged or newer file of the ledger is a StateError that names the file and nothing of what it holds."""
    path = tmp_path / "base.parquet"
    path.write_bytes(text.encode("latin-1"))

    with pytest.raises(StateError) as caught:
        read_receipt(path, "spark")

    assert caught.value.detail == "base.parquet"


@pytest.mark.parametrize(("rows", "digest", "told"), [(12_344, "77", "12,344 rows, 12,345"), (12_345, "78", "content")])
def test_a_table_that_was_changed_is_refused(rows: int, digest: str, told: str) -> None:
    """Fewer rows, or other rows, are a StateError that says which of the two."""
    with pytest.raises(StateError, match="was changed") as caught:
        check_receipt(RECEIPT, rows, digest)

    assert told in caught.value.detail
    check_receipt(RECEIPT, 12_345, "77")


def test_a_missing_table_is_named() -> None:
    """Who restores it has to know which."""
    assert "ours.ledger_1" in str(missing_table(RECEIPT))


def test_a_table_rests_before_it_goes() -> None:
    """Who was written from live tables remembers them; once they are live no more they rest, and go after two weeks."""
    base, delta = receipt("base"), receipt("delta", "base")

    earlier, over = succession([base, delta], 100)
    assert (earlier, over) == (("base", "delta"), ())

    folded = receipt("folded", *earlier)
    earlier, over = succession([folded], 200)
    assert (earlier, over) == (("base 200", "delta 200", "folded"), ())

    late = receipt("late", *earlier)
    assert succession([folded, late], 200 + KEPT) == (("base 200", "delta 200", "folded", "late"), ())
    assert succession([folded, late], 201 + KEPT) == (("folded", "late"), ("base", "delta"))


def test_a_table_that_is_needed_again_does_not_rest() -> None:
    """An older state that was put back lives on tables that another one had done with."""
    assert succession([receipt("base", "base 7")], 8 + KEPT) == (("base",), ())


def receipt(table: str, *earlier: str) -> Receipt:
    """Of a table that was made from others."""
    return Receipt(engine="spark", table=table, rows=1, digest="", earlier=earlier)
