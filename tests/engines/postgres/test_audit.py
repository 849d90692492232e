"""An audit in Postgres."""

from __future__ import annotations

from pathlib import Path

import psycopg

from reconciler.membership.audit import audit
from reconciler.model.audit import Shape
from reconciler.model.settings import (
    Customers,
    EngineAccess,
    IdentifierColumn,
    Place,
    Secret,
    Settings,
    Source,
    Table,
)

PLACE = Place(file="reconciler.yaml", line=1, column=1, path="source.customers.table")


def test_columns_are_counted_and_masked_as_in_files(address: str, tmp_path: Path) -> None:
    """Single values, lists of them and telephone numbers: faults, reasons and shapes; no table is left behind."""
    rows = [(number, [f"Ann{number}@example.com", "bob@shop"], f"(202) 555-01{number}") for number in range(40, 44)]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create table people (id int, mails text[], phone text)")
        connection.cursor().executemany("insert into people values (%s, %s, %s)", rows)
        connection.execute("insert into people values (1, null, 'call me')")
        columns = (
            IdentifierColumn(type="email", column="mails"),
            IdentifierColumn(type="phoneNumber", column="phone", region="US"),
        )
        customers = Customers(table=Table(name="people", place=PLACE), key="id", identifiers=columns)
        source = Source(engine="postgres", customers=customers)
        settings = Settings(root=tmp_path, workspace="shop", advertiser="42", source=source, state=tmp_path / "state")

        mails, phone = audit(settings, {}, EngineAccess(postgres=Secret(address))).columns

        left = connection.execute("select count(*) from pg_tables where tablename like '%judged%'").fetchall()
    assert (mails.rows, mails.valid, dict(mails.invalid), mails.distinct) == (8, 4, {"domain": 4}, 4)
    assert dict(mails.faults) == {"no_dot": 4, "upper_case": 4}
    assert mails.shapes == (Shape("a+@a+", 4),)
    assert (phone.rows, phone.valid, dict(phone.invalid)) == (5, 4, {"not_a_number": 1})
    assert dict(phone.faults) == {"no_country_code": 4, "letters": 1}
    assert (phone.shapes, phone.other_shapes) == ((), 1)
    assert left == [(0,)]
