"""No content of a broken source in any message, in any format, and nothing of it left in a file."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.cli.commandline import AS_OF, Criteo, point_to, pretend_criteo, run
from tests.leaks.scanner import Scanner

BAD = Path(__file__).parents[1] / "sources" / "bad"
ADDRESSES = tuple(f"canary.{number}@example.{'org' if number % 2 else 'com'}" for number in range(40))
SETTINGS = """\
version: 1
workspace: leaks
advertiser: "42"
criteo: { calls_per_minute: 0 }
source:
  customers: { table: "%s", key: customer_id, identifiers: { email: mail_example_com }, consent: { column: consent } }
  events: { table: "%s", customer: customer_id, name: event, time: occurred_at }
segments:
  spenders: { who: { event: purchase, total: { of: amount, at_least: 10 }, within: 7d } }
  adults: { who: { attribute: age, at_least: 18 } }
"""
HEADER = "customer_id,mail_example_com,consent,age"
EVENTS = "customer_id,event,occurred_at,amount"


def customers(change: Callable[[int, str], str] = lambda _, row: row, header: str = HEADER) -> str:
    rows = [change(n, f"{address},{address},yes,{20 + n}") for n, address in enumerate(ADDRESSES)]
    return "\n".join([header, *rows]) + "\n"


def events(change: Callable[[int, str], str] = lambda _, row: row) -> str:
    rows = [change(n, f"{address},purchase,2026-11-20T10:00:00Z,12.5") for n, address in enumerate(ADDRESSES)]
    return "\n".join([EVENTS, *rows]) + "\n"


def at_seven(change: Callable[[str], str]) -> Callable[[int, str], str]:
    """Change the seventh row alone."""
    return lambda number, row: change(row) if number == 7 else row


def parquet(text: str, *, keep: int | None = None) -> bytes:
    """The rows of a CSV as Parquet, cut off after some bytes."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "rows.csv"), Path(folder, "rows.parquet")
        source.write_text(text, encoding="utf-8")
        duckdb.read_csv(str(source), all_varchar=True).write_parquet(str(target))
        return target.read_bytes()[:keep]


JSON_ROW = '{"customer_id": "%s", "mail_example_com": "%s", "consent": "yes", "age": 3'
BROKEN: dict[str, tuple[str, str | bytes]] = {
    "a row with one cell too many": ("customers.csv", customers(at_seven(lambda row: f"{row},{row}"))),
    "a row with one cell too few": ("customers.csv", customers(at_seven(lambda row: row.rpartition(",")[0]))),
    "a quote left open": ("customers.csv", customers(at_seven(lambda row: f'"{row}'))),
    "bytes that are no text": ("customers.csv", customers().encode()[:400] + b"\xff\xfe" + customers().encode()[400:]),
    "two records of one key": ("customers.csv", customers(lambda _, row: row) + customers().partition("\n")[2]),
    "a record without key": ("customers.csv", customers(at_seven(lambda row: row.removeprefix(ADDRESSES[7])))),
    "no header": ("customers.csv", customers().partition("\n")[2]),
    "a row that resembles a header": ("customers.csv", f"mail@example.com,{customers().partition(chr(10))[2]}"),
    "other columns": ("customers.csv", customers(header="customer_id,canary.1@example.org,consent,age")),
    "a column named twice": (
        "customers.csv",
        customers(header="customer_id,canary.3@example.org,canary.3@example.org,a"),
    ),
    "ages and consents that are none": (
        "customers.csv",
        customers(lambda n, _: f"{n},{ADDRESSES[n]},{ADDRESSES[n]},x@{n}"),
    ),
    "addresses that are none": ("customers.csv", customers(lambda n, _: f"{n},canary.{n}.example.com,yes,20")),
    "gzip cut off": ("customers.csv.gz", gzip.compress(customers().encode())[:300]),
    "text that calls itself gzip": ("customers.csv.gz", customers()),
    "text that calls itself Parquet": ("customers.parquet", customers()),
    "Parquet cut off": ("customers.parquet", parquet(customers(), keep=900)),
    "Parquet of other columns": (
        "customers.parquet",
        parquet(customers(header="customer_id,mail@example.com,consent,age")),
    ),
    "JSON cut off": ("customers.json", "[" + ",".join(f"{JSON_ROW % (each, each)}}}" for each in ADDRESSES)),
    "JSON of other shapes": ("customers.json", f'[{JSON_ROW % (ADDRESSES[0], ADDRESSES[1])}}}, ["{ADDRESSES[2]}"]]'),
    "JSON whose keys are values": ("customers.json", '[{"mail@example.com": "canary.1@example.org"}]'),
    "times that are none": ("events.csv", events(lambda n, row: row.replace("2026-11-20T10:00:00Z", ADDRESSES[n]))),
    "amounts that are none": ("events.csv", events(lambda n, row: row.replace("12.5", ADDRESSES[n]))),
    "an event with one cell too many": ("events.csv", events(at_seven(lambda row: f"{row},{row}"))),
    "times of another type": (
        "events.parquet",
        parquet("customer_id,event,occurred_at,amount\ncanary.1@example.org,purchase,canary.2@example.com,1\n"),
    ),
}
COMMANDS = (
    ("plan", "--format", "text"),
    ("plan", "--format", "json", "--log-format", "json"),
    ("plan", "--format", "markdown"),
    ("apply", "--auto-approve", "--log-format", "json"),
)


@pytest.fixture(scope="module")
def pretend() -> Iterator[Criteo]:
    with pretend_criteo() as criteo:
        yield criteo


@pytest.fixture
def temporary(pretend: Criteo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files, and our credentials."""
    point_to(pretend, monkeypatch)
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_source_is_told_without_its_content(
    case: str, temporary: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither what is wrong nor what stands beside it is quoted, and no file keeps it."""
    root, (file, content) = tmp_path / "workspace", BROKEN[case]
    root.mkdir()
    tables = {"customers": "customers.csv", "events": "events.csv"}
    (root / "customers.csv").write_text(customers(), encoding="utf-8")
    (root / "events.csv").write_text(events(), encoding="utf-8")
    (root / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    tables[file.partition(".")[0]] = file
    (root / "reconciler.yaml").write_text(SETTINGS % (tables["customers"], tables["events"]), encoding="utf-8")

    scanner = Scanner([*ADDRESSES, *(f"canary.{n}" for n in range(40)), "mail@example.com"])
    printed = [run("-w", root, *command, "--as-of", AS_OF).said for command in COMMANDS]
    captured = capfd.readouterr()

    assert all(printed)
    assert [find for text in (*printed, captured.out, captured.err) for find in scanner.text(text, case)] == []
    assert scanner.folder(root / ".reconciler") + scanner.folder(temporary) == []


@pytest.mark.parametrize("case", sorted(folder.name for folder in BAD.iterdir() if folder.is_dir()))
def test_kept_broken_sources_are_told_without_their_content(
    case: str, temporary: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The same for every broken source that is kept as files: none of its addresses, however they are written."""
    files = [path for path in (BAD / case).rglob("*.*") if path.suffix not in {".yaml", ".txt"}]
    found = re.findall(r"[\w.+-]+@[\w.-]+", " ".join(path.read_bytes().decode("latin-1") for path in files))
    scanner = Scanner(["zanzibar.person@example.com", *found])
    printed = [run("-w", BAD / case, *command, "--as-of", AS_OF).said for command in COMMANDS[:3]]
    captured = capfd.readouterr()

    assert [find for text in (*printed, captured.out, captured.err) for find in scanner.text(text, case)] == []
    assert scanner.folder(temporary) == []
