from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from reconciler.config.load import load
from reconciler.errors import WorkspaceInvalid
from reconciler.model.conditions import Event, Everyone, Group, SegmentRef
from reconciler.model.definition import Slice
from reconciler.model.settings import Consent, Criteo, Guards, IdentifierColumn
from reconciler.model.time import Window
from reconciler.model.workspace import Expected
from tests.conftest import Writer

SAMPLE = Path(__file__).parents[2] / "audiences"
OWNERS = ("customers", "events[0]", "events[1]", "events")


def problems_of(root: Path) -> list[str]:
    with pytest.raises(WorkspaceInvalid) as caught:
        load(root)
    return [str(problem) for problem in caught.value.problems]


def test_a_workspace_without_definitions_is_valid(write_workspace: Writer) -> None:
    """Settings alone make a workspace, with every default filled."""
    root = write_workspace()
    workspace = load(root)
    settings = workspace.settings
    assert (settings.workspace, settings.advertiser, settings.time_zone) == ("acme-retention", "42", "UTC")
    assert (settings.criteo, settings.guards, settings.state) == (Criteo(), Guards(), root / ".reconciler")
    assert (workspace.segments, workspace.audiences, workspace.removed, workspace.always_exclude) == ((), (), (), ())


def test_every_setting_is_read(tmp_path: Path) -> None:
    """What reconciler.yaml says arrives in the settings, typed."""
    (tmp_path / "reconciler.yaml").write_text(
        """\
version: 1
workspace: acme
advertiser: "007"
time_zone: Europe/Paris
criteo: { api_version: "2026-01", calls_per_minute: 0, email_form: md5 }
source:
  engine: duckdb
  customers:
    table: data/*.csv.gz
    key: id
    identifiers: { email: { columns: [mail, mail_2] } }
    consent: { column: agreed, missing: refuse }
  events:
    - { table: data/e.parquet, customer: who, name: what, time: at, fresh_within: { purchase: 6h, "*": 1d } }
state: /var/lib/reconciler
guards: { max_gone: 12.5%, max_changed: 0%, min_count: 7, max_invalid: 100% }
""",
        encoding="utf-8",
    )
    settings = load(tmp_path).settings
    customers, (events,) = settings.source.customers, settings.source.events
    assert settings.advertiser == "007"
    assert settings.time_zone == "Europe/Paris"
    assert settings.criteo == Criteo(api_version="2026-01", calls_per_minute=0, email_form="md5")
    assert (customers.table.name, customers.key, tuple(each.column for each in customers.identifiers)) == (
        "data/*.csv.gz",
        "id",
        ("mail", "mail_2"),
    )
    assert customers.consent == Consent(column="agreed", missing="refuse")
    assert (events.table.name, events.customer, events.name, events.time) == ("data/e.parquet", "who", "what", "at")
    assert events.fresh_within == (("*", 1440), ("purchase", 360))
    assert settings.state == Path("/var/lib/reconciler")
    assert settings.guards == Guards(
        max_gone=Fraction(1, 8), max_changed=Fraction(0), min_count=7, max_invalid=Fraction(1)
    )


SHOP = """\
version: 1
workspace: acme
advertiser: "007"
region: FR
source:
  engine: ENGINE
  customers:
    table: CUSTOMERS
    key: id
    identifiers:
      email: { columns: [mail, mail_2], hashed: sha256 }
      phoneNumber: { columns: [phone, { column: mobile, region: DE }], region: BE }
    same_person: mobile
  events:
    - table: ORDERS
      customer: buyer
      name: { is: purchase }
      time: ordered_at
      identifiers: { email: [mail], phoneNumber: phone }
      fresh_within: { purchase: 6h }
    - { table: CLICKS, customer: who, name: what, time: at }
"""


def shop(engine: str, customers: str, orders: str, clicks: str) -> str:
    named = SHOP.replace("ENGINE", engine).replace("CUSTOMERS", customers)
    return named.replace("ORDERS", orders).replace("CLICKS", clicks)


def test_identifiers_of_both_types_and_several_sources_are_read(tmp_path: Path) -> None:
    """Columns come in order with their form and the nearest region; each source of events has its own."""
    text = shop("duckdb", "c.csv", "o.csv", "k.csv")
    (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
    source = load(tmp_path).settings.source
    assert source.customers.identifiers == (
        IdentifierColumn(type="email", column="mail", hashed="sha256"),
        IdentifierColumn(type="email", column="mail_2", hashed="sha256"),
        IdentifierColumn(type="phoneNumber", column="phone", region="BE"),
        IdentifierColumn(type="phoneNumber", column="mobile", region="DE"),
    )
    assert source.customers.same_person == "mobile"
    orders, clicks = source.events
    assert (orders.kind, orders.name, orders.fresh_within) == ("purchase", None, (("purchase", 360),))
    assert (clicks.kind, clicks.name, clicks.identifiers) == (None, "what", ())
    assert orders.identifiers == (
        IdentifierColumn(type="email", column="mail"),
        IdentifierColumn(type="phoneNumber", column="phone", region="FR"),
    )


def test_columns_of_several_sources_belong_to_their_own(tmp_path: Path) -> None:
    """What a source names itself is looked for there; what a condition names may be in any of them."""
    (tmp_path / "reconciler.yaml").write_text(shop("duckdb", "c.csv", "o.csv", "k.csv"), encoding="utf-8")
    condition = "segments: { a: { who: { event: view, times: { is: 2, same: product } } } }"
    (tmp_path / "segments.yaml").write_text(f"version: 1\n{condition}\n", encoding="utf-8")
    owners = {owner: {column for label, column in load(tmp_path).columns if label == owner} for owner in OWNERS}
    assert owners == {
        "customers": {"id", "mail", "mail_2", "phone", "mobile"},
        "events[0]": {"buyer", "ordered_at", "mail", "phone"},
        "events[1]": {"who", "what", "at"},
        "events": {"product"},
    }


@pytest.mark.parametrize("engine", ["postgres", "spark"])
def test_other_engines_have_tables_a_schema_and_queries(engine: str, tmp_path: Path) -> None:
    """Tables are named as the engine names them, and a query in its dialect may stand for one."""
    text = shop(engine, "shop.customers", "{ query: orders.sql }", "shop.clicks")
    text = text.replace(f"engine: {engine}\n", f"engine: {engine}\n  schema: ours\n")
    (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "orders.sql").write_text("-- paid ones\nselect * from shop.orders where paid\n", encoding="utf-8")
    source = load(tmp_path).settings.source
    assert (source.engine, source.schema, source.master) == (engine, "ours", None)
    assert source.customers.table.name == "shop.customers"
    orders, clicks = source.events
    assert (orders.table.name, orders.table.query) == ("orders.sql", "SELECT * FROM shop.orders WHERE paid")
    assert (clicks.table.name, clicks.table.query) == ("shop.clicks", None)


def test_a_spark_of_ones_own_is_named(tmp_path: Path) -> None:
    """`master` says which Spark is started where none is given to connect to."""
    text = shop("spark\n  master: local[2]", "shop.customers", "shop.orders", "shop.clicks")
    (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path).settings.source.master == "local[2]"


def test_a_segment_is_read_with_its_slices_from_the_youngest_to_the_oldest(write_workspace: Writer) -> None:
    """Slices are sorted by age, whatever their order in the file."""
    root = write_workspace(
        """\
windows: { cold: 2d.., hot: 4h, warm: 4h..24h }
segments:
  carts:
    name: Carts
    owner: retention
    slices: [cold, warm, hot]
    who: { event: cart_added, latest: true, within: slice }
    expected_members: { at_least: 5 }
    allow_empty: true
"""
    )
    (segment,) = load(root).segments
    hot, warm, cold = Window(0, 240), Window(240, 1440), Window(2880, None)
    assert segment.slices == (Slice("hot", hot), Slice("warm", warm), Slice("cold", cold))
    assert (segment.name, segment.owner, segment.publish, segment.allow_empty) == ("Carts", "retention", True, True)
    assert segment.expected_members == Expected(at_least=5)
    assert (segment.place.file, segment.place.line, segment.place.column) == (str(root / "definitions.yaml"), 4, 3)


def test_columns_are_remembered_where_they_are_named_first(write_workspace: Writer) -> None:
    """A column that the data lacks can be shown at its place in the YAML."""
    root = write_workspace(
        """\
segments:
  a: { who: { attribute: tier, is: vip } }
  b: { who: { attribute: tier, is: gold } }
  c: { who: { event: purchase, where: { coupon: { exists: true } }, total: { of: amount, at_least: 1 } } }
""",
    )
    columns = load(root).columns
    lines = {f"{table}.{column}": place.line for (table, column), place in columns.items()}
    assert lines == {
        "customers.customer_id": 5,
        "customers.email": 5,
        "events.customer_id": 6,
        "events.event": 6,
        "events.occurred_at": 6,
        "customers.tier": 3,
        "events.coupon": 5,
        "events.amount": 5,
    }
    for (_, column), place in columns.items():
        line = Path(place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
        assert line[place.column - 1 :].startswith(column)
    assert columns["events", "coupon"].path == "segments.c.who.where.coupon"


def test_the_sample_is_valid() -> None:
    """The workspace that people start from loads without a problem, every reference resolved."""
    workspace = load(SAMPLE)
    (suppressed,) = [segment for segment in workspace.segments if not segment.publish]
    assert suppressed.condition == Group(any=(SegmentRef("unsubscribed"), SegmentRef("support-cases")))
    assert {segment.key for segment in workspace.segments} >= {"cart-abandoners", "winback", "vips"}


def test_hidden_folders_and_other_workspaces_are_no_part_of_it(write_workspace: Writer) -> None:
    """Neither a hidden folder or file nor a workspace inside the workspace is read."""
    nonsense = "nonsense: true\n"
    root = write_workspace(
        **{
            ".hidden/a.yaml": nonsense,
            ".a.yaml": nonsense,
            "other/reconciler.yaml": nonsense,
            "other/deep/a.yaml": nonsense,
            "notes.txt": nonsense,
        }
    )
    assert load(root).segments == ()


def test_files_in_folders_are_read(write_workspace: Writer) -> None:
    """Definitions may be spread over folders, and refer to each other from anywhere."""
    root = write_workspace(
        "segments: { a: { who: { segment: b } } }\nwindows: { hot: 4h }\n",
        **{"deep/er/b.yaml": "version: 1\nsegments: { b: { who: { event: view, within: hot } } }\n"},
    )
    a, b = load(root).segments
    assert a.condition == SegmentRef("b")
    assert b.condition == Event(("view",), within=Window(0, 240))


def test_a_link_inside_the_workspace_is_read_once(write_workspace: Writer) -> None:
    """Some deployments link files from a hidden folder; the same file twice is no clash."""
    root = write_workspace(**{".store/a.yaml": "version: 1\nsegments: { a: { who: { everyone: true } } }\n"})
    (root / "a.yaml").symlink_to(".store/a.yaml")
    (root / "b.yaml").symlink_to(".store/a.yaml")
    (segment,) = load(root).segments
    assert segment.condition == Everyone()


def test_the_settings_may_be_a_link(write_workspace: Writer) -> None:
    """`reconciler.yaml` may point to one of several files; that one is then the settings, and no definitions."""
    root = write_workspace()
    (root / "reconciler.yaml").rename(root / "production.yaml")
    (root / "reconciler.yaml").symlink_to("production.yaml")
    assert load(root).settings.workspace == "acme-retention"


def test_a_linked_folder_of_data_is_no_problem_but_one_of_yaml_is(write_workspace: Writer, tmp_path: Path) -> None:
    """Data may lie on another disk; YAML from outside would be read by nobody who reviews the workspace."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    root = write_workspace()
    (root / "data").symlink_to(elsewhere)
    assert load(root).segments == ()
    (elsewhere / "a.yaml").write_text("version: 1\n", encoding="utf-8")
    assert problems_of(root) == [f"{root}/data/a.yaml:1:1: is a symbolic link that leaves the workspace"]


def test_problems_of_all_files_are_told_at_once_in_order(write_workspace: Writer) -> None:
    """One run tells structure and meaning, of every file, sorted by place."""
    root = write_workspace(
        "segments:\n  a: { who: { segment: c }, sliced: [x] }\n  b: { who: { event: view, within: warm } }\n",
        settings="time_zone: Nowhere\n",
        **{"more.yaml": "version: 1\nwindows: { hot: 5x }\n"},
    )
    assert [problem.removeprefix(f"{root}/") for problem in problems_of(root)] == [
        "definitions.yaml:3:24: segments.a.who.segment: there is no segment `c`",
        "definitions.yaml:3:29: segments.a.sliced: unknown key `sliced`; did you mean `slices`?",
        "definitions.yaml:4:36: segments.b.who.within: there is no window `warm`",
        "more.yaml:2:17: windows.hot: `5x` is no window: write `4h..24h`, `120d..`, or `7d` for `0h..7d`",
        "reconciler.yaml:7:12: time_zone: there is no time zone `Nowhere`",
    ]


def test_names_are_not_called_unknown_while_a_file_cannot_be_read(write_workspace: Writer) -> None:
    """A slip of the keyboard in one file does not drown in complaints about everything it defines."""
    root = write_workspace("segments: { a: { who: { segment: b } } }\n", **{"b.yaml": "version: 1\nsegments: {\n"})
    (problem,) = problems_of(root)
    assert "b.yaml" in problem


def test_of_thousands_of_problems_a_thousand_are_told(write_workspace: Writer) -> None:
    """A file of nonsense is told from its beginning, with the number of what is left out."""
    names = "".join(f"  s{number}: {{ who: {{ segment: t{number} }} }}\n" for number in range(5000))
    root = write_workspace("segments:\n" + names)
    with pytest.raises(WorkspaceInvalid) as caught:
        load(root)
    assert (len(caught.value.problems), caught.value.untold) == (1000, 4000)
    assert caught.value.problems[0].line == 3
    assert caught.value.hint == "1000 problems and 4000 more to mend; nothing was changed."


def test_segments_that_fan_out_resolve_quickly(write_workspace: Writer) -> None:
    """Each of twenty segments that names the next one ten times is read once, not 10^20 times."""
    rows = [f"  s{n}: {{ who: {{ any: [ {', '.join([f'{{ segment: s{n + 1} }}'] * 10)} ] }} }}" for n in range(19)]
    root = write_workspace("segments:\n" + "\n".join([*rows, "  s19: { who: { event: view } }\n"]))
    assert len(load(root).segments) == 20
