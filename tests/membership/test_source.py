from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import SourceInvalid
from reconciler.membership.session import open_session
from reconciler.model.address import Address
from reconciler.model.conditions import Attribute, Comparison, Condition, Event, Everyone
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import AskedSegment, SourceHealth
from tests.membership import worlds
from tests.membership.brute import World, identifier

LIST = Address("segment.all")
ANN, BOB = (identifier(f"{name}@example.com") for name in ("ann", "bob"))
CUSTOMERS = "customer_id,email\na,ann@example.com\nb,bob@example.com\n"
EVENTS = "customer_id,event,occurred_at\na,buy,2026-11-21T17:00:00Z\n"
BOUGHT = Event(("buy",))


def opened(
    root: Path,
    who: Condition = BOUGHT,
    *,
    customers: str = "customers.csv",
    events: str | None = "events.csv",
    read: tuple[tuple[str, str], ...] = (),
    query: str | None = None,
) -> tuple[frozenset[str], SourceHealth]:
    """The members of one list over a workspace's files, and the source's health. A `query` makes the customers."""
    made = worlds.settings(root, World(customers=(), events=()), customers=customers, events=events)
    declared = replace(made.source.customers.table, query=query)
    made = replace(made, source=replace(made.source, customers=replace(made.source.customers, table=declared)))
    asked = [AskedSegment(key="all", lists=((LIST, None),), wanted=Definition(Who(who)))]
    with open_session(worlds.request(made, asked, read=read)) as session:
        return worlds.members(session, LIST), session.membership.health


def refused(root: Path, who: Condition = BOUGHT, **names: object) -> str:
    """The message about a source that does not fit; it never repeats a row."""
    with pytest.raises(SourceInvalid) as caught:
        opened(root, who, **names)  # type: ignore[arg-type]  # as `opened` has them
    assert "@" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a source that fits."""
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "events.csv").write_text(EVENTS)
    return tmp_path


class TestFormats:
    @pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".json", ".ndjson", ".jsonl", ".json.gz", ".parquet"])
    def test_every_format_says_the_same(self, tmp_path: Path, ending: str) -> None:
        """The ending tells how a file is read, and the members are the same."""
        customers = [{"customer_id": "a", "email": "ann@example.com"}, {"customer_id": "b", "email": "bob@example.com"}]
        events = [{"customer_id": "a", "event": "buy", "occurred_at": worlds.AS_OF}]
        types = {"customer_id": "varchar", "email": "varchar"}
        worlds.write(tmp_path / f"c{ending}", customers, types)
        worlds.write(
            tmp_path / f"e{ending}",
            events,
            {"customer_id": "varchar", "event": "varchar", "occurred_at": "timestamptz"},
        )
        assert opened(tmp_path, customers=f"c{ending}", events=f"e{ending}")[0] == {ANN}

    def test_json_may_be_one_array(self, root: Path) -> None:
        """As well as one object a line."""
        (root / "customers.json").write_text(json.dumps([{"customer_id": "a", "email": "ann@example.com"}]))
        assert opened(root, customers="customers.json")[0] == {ANN}

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_the_header_tells_the_delimiter(self, root: Path, delimiter: str) -> None:
        """Semicolons are as good as commas."""
        (root / "customers.csv").write_text(CUSTOMERS.replace(",", delimiter))
        assert opened(root)[0] == {ANN}

    def test_text_keeps_its_zeros(self, root: Path) -> None:
        """A key of digits is text, in one file as in the other."""
        (root / "customers.csv").write_text("customer_id,email\n007,ann@example.com\n7,bob@example.com\n")
        (root / "events.csv").write_text(EVENTS.replace("\na,", "\n007,"))
        assert opened(root)[0] == {ANN}

    def test_quotes_and_line_ends_inside_a_value_are_kept(self, root: Path) -> None:
        """A value may hold what separates values."""
        (root / "customers.csv").write_text('customer_id,email\n"a,\n""x""",ann@example.com\n')
        (root / "events.csv").write_text('customer_id,event,occurred_at\n"a,\n""x""",buy,2026-11-21T17:00:00Z\n')
        assert opened(root)[0] == {ANN}

    def test_a_byte_order_mark_is_no_part_of_the_first_name(self, root: Path) -> None:
        """As spreadsheets write it."""
        (root / "customers.csv").write_text(CUSTOMERS, encoding="utf-8-sig")
        assert opened(root)[0] == {ANN}

    def test_columns_of_several_files_are_found_by_name(self, root: Path) -> None:
        """The order of columns may differ from file to file."""
        (root / "customers.csv").write_text("customer_id,email\na,ann@example.com\n")
        (root / "customers2.csv").write_text("email,customer_id\nbob@example.com,b\n")
        assert opened(root, Everyone(), customers="customers*.csv")[0] == {ANN, BOB}

    def test_keys_are_found_whatever_their_types(self, root: Path) -> None:
        """A feed with gaps has its whole numbers as floats."""
        key = {"customer_id": "bigint", "email": "varchar"}
        worlds.write_parquet(root / "customers.parquet", [[7, 8], ["ann@example.com", "bob@example.com"]], key)
        types = {"customer_id": "double", "event": "varchar", "occurred_at": "timestamp"}
        moment = worlds.AS_OF.replace(tzinfo=None)
        worlds.write_parquet(root / "events.parquet", [[7.0, None], ["buy", "buy"], [moment, moment]], types)
        assert opened(root, customers="customers.parquet", events="events.parquet")[0] == {ANN}

    def test_a_key_that_comes_late_in_json_is_found(self, root: Path) -> None:
        """What only later rows have is a column all the same."""
        rows = [json.dumps({"customer_id": str(number), "email": None}) for number in range(30_000)]
        rows.append(json.dumps({"customer_id": "a", "email": "ann@example.com", "vip": True}))
        (root / "customers.json").write_text("\n".join(rows))
        vip = Attribute(ColumnTest("vip", (Comparison("is", (True,)),)))
        assert opened(root, vip, customers="customers.json", read=(("customers", "vip"),))[0] == {ANN}


class TestQueries:
    """A declared table may be the rows of a query."""

    def test_files_of_the_workspace_are_read_by_their_names(self, root: Path) -> None:
        """As declared files are: by their headers, every column as text, wherever the run was started."""
        (root / "data").mkdir()
        (root / "customers.csv").rename(root / "data" / "people 1.csv")
        (root / "notes.csv").write_text("id;tier\n007;gold\nb;gold\n")
        sql = """
            WITH golden AS (SELECT id FROM "notes.csv" WHERE tier = 'gold')
            SELECT "people 1".* FROM "data/people 1.csv" JOIN golden ON golden.id = customer_id
        """
        assert opened(root, Everyone(), customers="customers.sql", query=sql)[0] == {BOB}

    def test_a_file_that_is_not_there_is_told(self, root: Path) -> None:
        """At the place of the query."""
        said = refused(root, customers="customers.sql", query="SELECT * FROM 'data/people.parquet'")
        assert "source.customers.table: nothing matches `data/people.parquet`" in said

    @pytest.mark.parametrize("sql", ["SELECT * FROM elsewhere", 'SELECT nothing FROM "customers.csv"'])
    def test_a_query_that_the_engine_refuses_is_told(self, root: Path, sql: str) -> None:
        """Its own message is withheld."""
        assert "the query of `customers.sql` can't be run" in refused(root, customers="customers.sql", query=sql)

    def test_nothing_outside_the_workspace_is_read(self, tmp_path: Path) -> None:
        """By no way up."""
        root = tmp_path / "workspace"
        root.mkdir()
        (root / "events.csv").write_text(EVENTS)
        (tmp_path / "customers.csv").write_text(CUSTOMERS)
        assert "leads out of it" in refused(root, customers="c.sql", query='SELECT * FROM "../customers.csv"')


class TestColumns:
    def test_a_missing_column_is_named_with_its_place_and_the_nearest(self, root: Path) -> None:
        """Every missing column at once, each where the workspace names it."""
        (root / "customers.csv").write_text(CUSTOMERS.replace("email", "emial"))
        (root / "events.csv").write_text(EVENTS.replace("occurred_at", "occured_at"))
        said = refused(root)
        assert (
            "reconciler.yaml:6:5: source.customers.table: customers has no column `email`; did you mean `emial`?"
            in said
        )
        assert (
            "reconciler.yaml:9:5: source.events.table: events has no column `occurred_at`; did you mean `occured_at`?"
            in said
        )

    def test_times_must_be_times(self, root: Path) -> None:
        """A number is no time."""
        types = {"customer_id": "varchar", "event": "varchar", "occurred_at": "bigint"}
        worlds.write_parquet(root / "events.parquet", [["a"], ["buy"], [1_795_000_000]], types)
        assert "`occurred_at` holds BIGINT, not times" in refused(root, events="events.parquet")

    def test_structures_are_not_compared(self, root: Path) -> None:
        """Rather than match nobody they are refused."""
        types = {"customer_id": "varchar", "email": "varchar", "tags": "varchar[][]"}
        worlds.write_parquet(root / "c.parquet", [["a"], ["ann@example.com"], [[["gold"]]]], types)
        gold = Attribute(ColumnTest("tags", (Comparison("is", ("gold",)),)))
        assert "`tags` of customers holds nested values" in refused(
            root, gold, customers="c.parquet", read=(("customers", "tags"),)
        )


class TestFiles:
    def test_whole_numbers_here_and_text_there_are_text(self, root: Path) -> None:
        """Two exports of one table need not store a key alike."""
        whole, text = {"customer_id": "bigint", "email": "varchar"}, {"customer_id": "varchar", "email": "varchar"}
        worlds.write_parquet(root / "customers1.parquet", [[7], ["ann@example.com"]], whole)
        worlds.write_parquet(root / "customers2.parquet", [["b"], ["bob@example.com"]], text)
        (root / "events.csv").write_text(EVENTS.replace("\na,", "\n7,"))
        assert opened(root, customers="customers*.parquet")[0] == {ANN}

    @pytest.mark.parametrize("name", ["customers[1].csv", "custom*rs.csv", "custom?rs.csv", "[old]/customers.csv"])
    def test_a_name_that_is_a_pattern_is_refused(self, root: Path, name: str) -> None:
        """The engine would read others in its place."""
        (root / name).parent.mkdir(exist_ok=True)
        (root / "customers.csv").rename(root / name)
        assert "which stand for others" in refused(root, customers="**/cust*.csv")

    def test_nothing_there(self, root: Path) -> None:
        """The message names the pattern."""
        assert "source.customers.table: nothing matches `data/*.csv`" in refused(root, customers="data/*.csv")

    def test_a_glob_takes_all_files(self, root: Path) -> None:
        """Also in folders below."""
        for name, row in (("one", "a,ann@example.com"), ("two", "b,bob@example.com")):
            (root / "data" / name).mkdir(parents=True)
            (root / "data" / name / "part.csv").write_text(f"customer_id,email\n{row}\n")
        assert opened(root, Everyone(), customers="data/**/*.csv")[0] == {ANN, BOB}

    @pytest.mark.parametrize("name", ["out.csv", "folder/customers.csv"])
    def test_a_link_out_of_the_workspace_is_refused(self, tmp_path: Path, name: str) -> None:
        """Whether the file is the link or a folder on the way to it."""
        outside, root = tmp_path / "outside", tmp_path / "workspace"
        for folder in (outside, root):
            folder.mkdir()
            (folder / "customers.csv").write_text(CUSTOMERS)
            (folder / "events.csv").write_text(EVENTS)
        (root / "out.csv").symlink_to(outside / "customers.csv")
        (root / "folder").symlink_to(outside)
        assert "leads out of it" in refused(root, customers=name)

    def test_a_way_up_is_refused(self, root: Path) -> None:
        """Dots are no way out either."""
        inner = root / "workspace"
        inner.mkdir()
        assert "leads out of it" in refused(inner, customers="../customers.csv", events="../events.csv")

    @pytest.mark.parametrize("name", ["customers.txt", "customers", "customers.xlsx", "customers.parquet.gz"])
    def test_an_unknown_format_is_refused(self, root: Path, name: str) -> None:
        """The ending must be one that is known."""
        (root / name).write_text(CUSTOMERS)
        assert "no known format" in refused(root, customers=name)

    @pytest.mark.parametrize("ending", [".csv", ".parquet", ".csv.gz", ".json.gz"])
    def test_an_empty_file_is_refused(self, root: Path, ending: str) -> None:
        """Not taken for a table without rows."""
        (root / f"c{ending}").write_bytes(gzip.compress(b"") if ending == ".csv.gz" else b"")
        assert f"`c{ending}`" in refused(root, customers=f"c{ending}")

    def test_a_header_alone_is_a_table_without_rows(self, root: Path) -> None:
        """Nobody belongs, and the lists are frozen rather than emptied."""
        (root / "customers.csv").write_text("customer_id,email\n")
        members, health = opened(root)
        assert (members, health.customers.rows, health.events.orphans) == (frozenset(), 0, 1)

    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
    def test_a_truncated_parquet_file_is_refused(self, root: Path, share: float) -> None:
        """An export that broke off."""
        types = {"customer_id": "varchar", "email": "varchar"}
        worlds.write_parquet(root / "c.parquet", [["a", "b"], ["ann@example.com", "bob@example.com"]], types)
        whole = (root / "c.parquet").read_bytes()
        (root / "c.parquet").write_bytes(whole[: int(len(whole) * share)])
        assert "`c.parquet` is broken" in refused(root, customers="c.parquet")

    @pytest.mark.parametrize("row", ['c,"cy@example.com', "c,cy@example.com,more"])
    def test_a_row_that_does_not_fit_is_refused_by_its_line(self, root: Path, row: str) -> None:
        """The line is named, the row is not."""
        (root / "customers.csv").write_text(CUSTOMERS + row + "\n")
        assert "`customers.csv` is broken at line 4" in refused(root)


class TestKeys:
    @pytest.mark.parametrize("key", ["", '" "', '"\u00a0"'])
    def test_a_missing_key_is_refused(self, root: Path, key: str) -> None:
        """Blank counts as missing."""
        (root / "customers.csv").write_text(f"{CUSTOMERS}{key},cy@example.com\n")
        assert "1 of 3 rows have no `customer_id`" in refused(root)

    def test_a_repeated_key_is_refused(self, root: Path) -> None:
        """It says how many, never which."""
        (root / "customers.csv").write_text(f"{CUSTOMERS}a,cy@example.com\nb,dee@example.com\n")
        assert "`customer_id` repeats in 2 of 4 rows" in refused(root)

    def test_without_declared_events_people_belong_by_attributes(self, root: Path) -> None:
        """Events need not be there."""
        assert opened(root, Everyone(), events=None)[0] == {ANN, BOB}


class TestLists:
    """A column may hold several values in one row."""

    def tags(self, *values: str) -> Attribute:
        """Somebody with one of these tags."""
        return Attribute(ColumnTest("tags", (Comparison("is", values),)))

    def found(self, root: Path, rows: list[dict[str, object]], who: Condition, name: str = "customers.json") -> object:
        """The members by a file of JSON rows."""
        (root / name).write_text("\n".join(map(json.dumps, rows)))
        return opened(root, who, customers=name, read=(("customers", "tags"),))[0]

    def test_json_arrays_are_lists(self, root: Path) -> None:
        """As soon as one row has an array all have lists: of one value where there is no array."""
        rows: list[dict[str, object]] = [
            {"customer_id": "a", "email": "ann@example.com", "tags": ["new", "gold"]},
            {"customer_id": "b", "email": "bob@example.com", "tags": "gold"},
            {"customer_id": "c", "email": "cy@example.com", "tags": None},
            {"customer_id": "d", "email": "dee@example.com", "tags": []},
        ]
        assert self.found(root, rows, self.tags("gold")) == {ANN, BOB}
        assert self.found(root, rows, self.tags("new")) == {ANN}
        missing = Attribute(ColumnTest("tags", (Comparison("exists", (False,)),)))
        assert self.found(root, rows, missing) == {identifier(f"{name}@example.com") for name in ("cy", "dee")}

    def test_numbers_in_json_arrays_are_numbers(self, root: Path) -> None:
        """Each element is read as the literal asks for."""
        rows: list[dict[str, object]] = [
            {"customer_id": "a", "email": "ann@example.com", "tags": [1, None, 12.5]},
            {"customer_id": "b", "email": "bob@example.com", "tags": [True, "12.6"]},
        ]
        more = Attribute(ColumnTest("tags", (Comparison("more_than", (worlds.number("12.5"),)),)))
        assert self.found(root, rows, more) == {BOB}
        assert self.found(root, rows, Attribute(ColumnTest("tags", (Comparison("is", (True,)),)))) == {ANN, BOB}

    @pytest.mark.parametrize("column", ["customer_id", "event", "occurred_at"])
    def test_what_is_one_value_is_no_list(self, root: Path, column: str) -> None:
        """The key, the kind and the time of an event are one value each."""
        row = {"customer_id": "a", "event": "buy", "occurred_at": "2026-11-21T17:00:00Z"}
        (root / "events.json").write_text(json.dumps({**row, column: [row[column]]}))
        assert f"`{column}`" in refused(root, events="events.json")

    def test_a_list_is_no_key(self, root: Path) -> None:
        """Nor does it tell who is one person, or who has given consent."""
        types = {"customer_id": "varchar[]", "email": "varchar"}
        worlds.write_parquet(root / "c.parquet", [[["a"]], ["ann@example.com"]], types)
        assert "`customer_id` of customers holds lists; a key is one value" in refused(root, customers="c.parquet")
