"""A made-up shop with a workspace of its own: its data, its definitions, the command line on top and Criteo below."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from reconciler.cli import cli
from reconciler.cli.boundary import guarded
from reconciler.cli.options import Surroundings
from tests.emulator.caller import Caller

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
SEGMENT_SIZES, AUDIENCE_SIZES = "ComputeAudienceSegmentsSizes", "ComputeAudiencesSizes"
STATISTICS = "GetAudienceSegmentContactListStatistics"
SEARCHES = {"OAuth2Token", "ListAdvertisers", "SearchAudienceSegments", "SearchAudiences", "SearchAdSets"}
READS = {*SEARCHES, SEGMENT_SIZES, AUDIENCE_SIZES, STATISTICS}
"""The only operations that a plan, and what only looks, may need."""
AMEND = "UpdateContactListByAudienceSegment"

Row = dict[str, str]
Document = dict[str, Any]
Request = dict[str, Any]


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Document:
        """What `plan --format json` printed."""
        found: Document = json.loads(self.out)
        return found


def span(text: str) -> timedelta:
    """`90m`, `3h` or `2d`."""
    return int(text[:-1]) * UNITS[text[-1]]


def names(prefix: str, count: int, first: int = 0) -> list[str]:
    """`buyer0`, `buyer1` and so on."""
    return [f"{prefix}{number}" for number in range(first, first + count)]


def usual_settings() -> Document:
    """What `reconciler.yaml` says unless a test says otherwise."""
    customers = {
        "table": "customers.csv",
        "key": "customer_id",
        "identifiers": {"email": "email"},
        "consent": {"column": "consent"},
    }
    events = {"table": "events.csv", "customer": "customer_id", "name": "event", "time": "occurred_at"}
    return {
        "version": 1,
        "workspace": "corner-shop",
        "advertiser": "42",
        "criteo": {"calls_per_minute": 0},
        "source": {"customers": customers, "events": events},
    }


@dataclass(kw_only=True)
class Shop:
    """A workspace folder whose files follow what the test has said so far, and an emulator reached over HTTP.

    Whoever is called `ann` has the address `ann@example.com`, and is called `ann` wherever a test looks.
    """

    root: Path
    url: str
    criteo: Caller
    definitions: str = ""
    settings: Document = field(default_factory=usual_settings)
    customers: dict[str, Row] = field(default_factory=dict, repr=False)
    events: list[Row] = field(default_factory=list, repr=False)
    _names: dict[str, str] = field(default_factory=dict, repr=False)

    def customer(self, key: str, email: str | None = None, **columns: str) -> None:
        """One record; saying it again replaces it."""
        address = f"{key}@example.com" if email is None else email
        usual = {"consent": "yes", "unsubscribed": "no", "tier": ""}
        self.customers[key] = {"customer_id": key, "email": address, **usual, **columns}

    def event(self, key: str, kind: str, ago: str, *, at: datetime = NOW, **columns: str) -> None:
        """Something that a customer did, so long before `at`."""
        moment = (at - span(ago)).isoformat()
        self.events.append({"customer_id": key, "event": kind, "occurred_at": moment, "amount": "", **columns})

    def people(self, keys: Iterable[str], kind: str, ago: str) -> None:
        """Customers who all did the same."""
        for key in keys:
            self.customer(key)
            self.event(key, kind, ago)

    def guards(self, **limits: str | int) -> None:
        """Set limits."""
        self.settings["guards"] = limits

    def fresh_within(self, limits: dict[str, str]) -> None:
        """Say how old the newest event of each kind may be."""
        self.settings["source"]["events"]["fresh_within"] = limits

    def write(self) -> None:
        """Put everything on disk."""
        (self.root / "reconciler.yaml").write_text(yaml.safe_dump(self.settings, sort_keys=False), encoding="utf-8")
        (self.root / "definitions.yaml").write_text(f"version: 1\n{self.definitions}", encoding="utf-8")
        self._names |= {
            _digest(row["email"]): row["email"].partition("@")[0].lower() for row in self.customers.values()
        }
        columns = ["customer_id", "email", "consent", "unsubscribed", "tier"]
        _write_table(self.root / "customers.csv", columns, self.customers.values())
        _write_table(self.root / "events.csv", ["customer_id", "event", "occurred_at", "amount"], self.events)

    def run(self, *arguments: str, at: datetime | None = NOW) -> Done:
        """A command in this process, by the way that a real one takes; `at` None leaves the machine's clock."""
        self.write()
        surroundings = Surroundings()
        words = [*arguments, *_as_of(at), "-w", str(self.root)]
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            code = guarded(
                lambda: cli.main(words, prog_name="reconciler", standalone_mode=False, obj=surroundings), surroundings
            )
        return Done(code, out.getvalue(), err.getvalue())

    def start(self, *arguments: str, at: datetime | None = NOW) -> subprocess.Popen[str]:
        """Begin a command in a process of its own."""
        self.write()
        command = [sys.executable, "-m", "reconciler", *arguments, *_as_of(at), "-w", str(self.root)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=pipe, stderr=pipe, text=True)

    def spawn(self, *arguments: str, at: datetime | None = NOW) -> Done:
        """A command in a process of its own, to its end."""
        with self.start(*arguments, at=at) as process:
            out, err = process.communicate(timeout=300)
        return Done(process.returncode, out, err)

    def plan(self, *, at: datetime | None = NOW, code: int = 0) -> Document:
        """The plan as a document, after a look at the exit code."""
        done = self.run("plan", "--format", "json", at=at)
        assert done.code == code, done
        return done.document

    def apply(self, *, at: datetime | None = NOW, code: int = 0) -> Done:
        """Carry out, after a look at the exit code."""
        done = self.run("apply", "--auto-approve", at=at)
        assert done.code == code, done
        return done

    def sync(self, *, at: datetime | None = NOW, code: int = 0) -> Done:
        """Keep members moving, after a look at the exit code."""
        done = self.run("sync", at=at)
        assert done.code == code, done
        return done

    def lists(self) -> dict[str, str]:
        """Names of segments at Criteo, with their ids."""
        return {each["name"]: each["id"] for each in self.criteo.http.get("/emulator/segments").json()}

    def audiences(self) -> dict[str, Document]:
        """What Criteo has of audiences, by name."""
        return {each["name"]: each for each in self.criteo.http.get("/emulator/audiences").json()}

    def algebra(self, audience: str) -> Any:
        """The algebra of an audience at Criteo, with names in place of ids."""
        named = {number: name for name, number in self.lists().items()}
        return _with_names(self.audiences()[audience]["algebra"], named)

    def members(self, name: str) -> set[str]:
        """Who is really in a list at Criteo; an identifier of nobody that this shop knows of stays as it is."""
        self.write()
        return {self._names.get(each, each) for each in self.criteo.members(self.lists()[name])}

    def requests(self, after: int = 0, operation: str | None = None) -> list[Request]:
        """What Criteo was asked for since the request of that number."""
        found: list[Request] = self.criteo.http.get("/emulator/requests", params={"after": after}).json()
        return [each for each in found if operation in (None, each["operation"])]

    def writes(self, after: int = 0) -> list[Request]:
        """Requests that may have changed something at Criteo."""
        return [each for each in self.requests(after) if each["operation"] not in READS]

    def asked(self) -> int:
        """The number of the last request."""
        return len(self.requests())

    @property
    def state(self) -> Path:
        """The folder of the state."""
        return self.root / ".reconciler"

    def state_files(self) -> dict[str, tuple[bytes, int]]:
        """Every file and folder of the state, with its content and the time of its last change."""
        paths = [self.state, *self.state.rglob("*")]
        return {str(each): (each.read_bytes() if each.is_file() else b"", each.stat().st_mtime_ns) for each in paths}

    def contents(self) -> dict[str, bytes]:
        """Every file of the state with its content."""
        return {name: content for name, (content, _) in self.state_files().items()}

    def counters(self) -> tuple[int, int]:
        """`structure_serial` and `ledger_generation`."""
        snapshot = json.loads((self.state / "snapshot.json").read_text())
        return snapshot["structure_serial"], snapshot["ledger_generation"]


def step_ids(document: Document) -> list[str]:
    """The steps of a plan."""
    return [each["id"] for each in document["steps"]]


def members_of(document: Document, address: str) -> Document:
    """One list's part of a plan."""
    return next(each for each in document["members"] if each["address"] == f"segment.{address}")


def resource(document: Document, address: str) -> Document:
    """One resource's part of a plan."""
    return next(each for each in document["resources"] if each["address"] == address)


def blocked_by(document: Document) -> set[tuple[str, str]]:
    """Where a plan is stopped, and by which guard."""
    return {(each["address"], each["guard"]) for each in document["blocks"]}


def _with_names(node: Document, names: dict[str, str]) -> Any:
    ((key, value),) = ((key, value) for key, value in node.items() if value is not None)
    if key == "audienceSegmentId":
        return names[value]
    return {key: _with_names(value, names) if key == "not" else [_with_names(each, names) for each in value]}


def _digest(address: str) -> str:
    return sha256(address.strip().lower().encode()).hexdigest()


def _as_of(at: datetime | None) -> list[str]:
    return [] if at is None else ["--as-of", at.isoformat()]


def _write_table(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
