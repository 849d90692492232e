from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.commandline import ROOT, process, run, write_csv

SETTINGS = """\
version: 1
workspace: audited
advertiser: "42"
source:
  customers:
    table: customers.csv
    key: customer_id
    identifiers: { email: email, phoneNumber: { columns: [phone], region: US } }
segments:
  all: { who: { everyone: true } }
"""
SECRETS = ("ann", "Zebedee", "5550143")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Six customers, of whose addresses a fifth is no use."""
    (tmp_path / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
    emails = ["Ann@example.com", "ann@example.com", "bob@example.com", "carl@example.com", "Zebedee", ""]
    rows = [{"customer_id": n, "email": email, "phone": "(202) 555-0143"} for n, email in enumerate(emails)]
    write_csv(tmp_path / "customers.csv", rows)
    return tmp_path


TEXT = """\
customers.email: e-mail addresses
  rows        6, of them 1 blank
  as found    upper case 2, no at 1
  sent        4: 3 different, 1 of them in several rows
  left out    no at 1
  lost        20.0% of what is not blank
  looks like  other shapes  1

customers.phone: telephone numbers
  rows        6, of them 0 blank
  as found    no country code 6
  sent        6: 1 different, 1 of them in several rows
  left out    nothing
  lost        0.0% of what is not blank
"""


def test_an_audit_needs_neither_credentials_nor_state(workspace: Path) -> None:
    """As a process with nothing in its environment it prints its counts, ends with 0 and leaves nothing behind."""
    before = sorted(workspace.rglob("*"))
    done = process("audit", "-w", workspace, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)})
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == TEXT
    assert sorted(workspace.rglob("*")) == before


def test_an_audit_as_json_follows_its_schema(workspace: Path) -> None:
    """Described property by property, with the same figures."""
    done = run("audit", "--format", "json", "-w", workspace)
    document = json.loads(done.stdout)
    schema = json.loads((ROOT / "schemas" / "audit.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    email, phone = document["columns"]
    assert (email["table"], email["column"], email["type"], email["hashed"]) == ("customers", "email", "email", None)
    assert (email["rows"], email["blank"], email["valid"], email["distinct"], email["shared"]) == (6, 1, 4, 3, 1)
    assert (email["lost"], email["faults"], email["invalid"]) == (0.2, {"upper_case": 2, "no_at": 1}, {"no_at": 1})
    assert (phone["lost"], phone["other_shapes"], phone["shapes"]) == (0, 0, [])


@pytest.mark.parametrize(("share", "code"), [("20%", 0), ("19.9%", 3), ("100%", 0), ("0%", 3)])
def test_fail_over_ends_with_3_when_a_column_loses_more(workspace: Path, share: str, code: int) -> None:
    """The limit itself is fine; what is over it is named on stderr, and the counts are printed all the same."""
    done = run("audit", "--fail-over", share, "-w", workspace)
    assert done.code == code
    assert done.stdout == TEXT
    assert done.stderr == ("customers.email loses 20.0% of what is not blank.\n" if code else "")


@pytest.mark.parametrize("share", ["5", "101%", "-1%", "much"])
def test_a_share_that_is_none_is_bad_usage(workspace: Path, share: str) -> None:
    """Exit 64, with how to write it."""
    done = run("audit", f"--fail-over={share}", "-w", workspace)
    assert (done.code, done.stdout) == (64, "")
    assert "write it as 5%" in done.stderr


@pytest.mark.parametrize("style", ["text", "json"])
def test_no_value_is_shown(workspace: Path, style: str) -> None:
    """Neither what is valid nor what is not."""
    done = run("audit", "--format", style, "--fail-over", "0%", "-w", workspace)
    assert [secret for secret in SECRETS if secret.lower() in done.said.lower().replace("blank", "")] == []


def test_a_source_that_does_not_fit_is_told_with_its_place(workspace: Path) -> None:
    """Exit 78, as a plan does."""
    write_csv(workspace / "customers.csv", [{"customer_id": 1, "email": "x"}])
    done = run("audit", "-w", workspace)
    assert (done.code, done.stdout) == (78, "")
    assert "customers has no column `phone`" in done.stderr
    assert "reconciler.yaml:" in done.stderr
