"""No telephone number and no plain digest's address in anything that a run prints or writes."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.cli.commandline import AS_OF, Criteo, point_to, pretend_criteo, run, write_csv
from tests.switches.positions import usual

SETTINGS = """\
version: 1
workspace: telephones
advertiser: "42"
criteo: { calls_per_minute: 0 }
source:
  customers:
    table: customers.csv
    key: customer_id
    identifiers: { email: email, phoneNumber: { columns: [phone, mobile], region: US } }
segments:
  everybody: { who: { everyone: true } }
"""
LINES = tuple(range(1000, 1080))
COMMANDS = (
    ("audit",),
    ("audit", "--format", "json", "--fail-over", "0%"),
    ("plan", "--as-of", AS_OF),
    ("plan", "--as-of", AS_OF, "--format", "json"),
    ("plan", "--as-of", AS_OF, "--format", "markdown"),
    ("plan", "--as-of", AS_OF, "--show-sql"),
    ("apply", "--auto-approve", "--as-of", AS_OF, "--log-format", "json"),
    ("state", "show"),
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Everything that the commands printed and that is in the state, by name."""
    root = tmp_path_factory.mktemp("telephones")
    (root / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
    rows = [
        {"customer_id": line, "email": "", "phone": f"(202) 555-{line}", "mobile": f"+1 202-556-{line}x7"}
        for line in LINES
    ]
    broken = {"customer_id": 1, "email": "", "phone": f"202557{LINES[0]}9", "mobile": f"call 202558{LINES[0]}"}
    write_csv(root / "customers.csv", [*rows, broken])
    with pytest.MonkeyPatch.context() as patch, pretend_criteo(usual(phone_numbers="taken")) as criteo:
        point_to(criteo, patch)
        told = {" ".join(words): run(*words, "-w", root) for words in COMMANDS}
        kept = _kept(root / ".reconciler", criteo)
    assert {name: done.code for name, done in told.items() if done.code} == {"audit --format json --fail-over 0%": 3}
    return kept | {name: done.said for name, done in told.items()}


def _kept(state: Path, criteo: Criteo) -> dict[str, str]:
    files = [path for path in state.rglob("*") if path.is_file()]
    found = {str(path): f"{path.name} {path.read_bytes().decode('latin-1')}" for path in files}
    for path in (path for path in files if path.suffix == ".parquet"):
        with duckdb.connect() as db:
            rows = db.execute("select * from read_parquet(?)", [str(path)]).fetchall()
            found[f"rows of {path}"] = "\n".join(f"{h.hex()} {words}" for h, *words in rows)
    return found | {"requests": criteo.http.get("/emulator/requests").text}


def test_numbers_were_sent_and_kept(written: dict[str, str]) -> None:
    """The story is worth searching: two numbers a person are in the ledger."""
    rows = next(text for name, text in written.items() if name.startswith("rows of "))
    assert len(rows.splitlines()) == 2 * len(LINES)


def test_no_number_is_in_anything_written(written: dict[str, str]) -> None:
    """Neither as it stood in the table nor as digits, valid or not."""
    for exchange, lines in (("555", LINES), ("556", LINES), ("557", LINES[:1]), ("558", LINES[:1])):
        for line in lines:
            forms = (f"202{exchange}{line}", f"{exchange}-{line}", f"202-{exchange}-{line}")
            assert [name for name, text in written.items() for form in forms if form in text] == []
