from __future__ import annotations

import datetime as dt
import json
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina
from jsonschema import Draft202012Validator

from reconciler.config.load import load
from reconciler.emulator import Switches, create_app, serve
from reconciler.state.open import open_store
from tests.cli.commandline import AS_OF, ROOT, SECRET, Criteo, environment, point_to, process, run, write_csv
from tests.cli.terminal import Terminal
from tests.conftest import Writer

SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "doctor.schema.json").read_text(encoding="utf-8")))
TODAY = dt.date(2026, 11, 22)
DEFINITIONS = """\
segments: { vips: { name: VIPs, who: { event: purchase, within: 7d } } }
audiences: { loyal: { name: Loyal, include: [vips], ad_sets: ["700123"] } }
"""
CALLED_AT_CRITEO = (
    *("token", "app", "advertiser", "read audiences", "manage audiences", "read campaigns", "manage campaigns"),
    *("rate", "clock"),
)

Opener = Callable[..., Criteo]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is repeated is repeated at once; the day is a day on which every version is told apart."""
    monkeypatch.setattr("reconciler.cli.doctor._today", lambda: TODAY)
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def open_criteo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """An emulator with these options, and credentials for it in the environment."""
    with ExitStack() as stack:

        def open_one(**options: Any) -> Criteo:
            server = stack.enter_context(serve(create_app(**{"rate_limit": 250, **options})))
            criteo = Criteo(url=server.url, http=stack.enter_context(httpx.Client(base_url=server.url, verify=False)))
            point_to(criteo, monkeypatch)
            return criteo

        yield open_one


@pytest.fixture
def workspace(write_workspace: Writer) -> Path:
    """A workspace that names an ad set, with data that fits it."""
    root = write_workspace(DEFINITIONS)
    write_csv(root / "customers.csv", [{"customer_id": "ann", "email": "ann@example.com"}])
    write_csv(root / "events.csv", [{"customer_id": "ann", "event": "purchase", "occurred_at": AS_OF}])
    return root


def examined(*words: str | Path) -> tuple[int, dict[str, tuple[str, str]]]:
    """The exit code, and how each thing stands with its message; the document is as the schema says."""
    ran = run(*words, "doctor", "--format", "json")
    assert [line for line in ran.stderr.splitlines() if not line.startswith("warning: Criteo will end")] == []
    document = json.loads(ran.stdout)
    assert [error.message for error in SCHEMA.iter_errors(document)] == []
    assert document["exit_code"] == ran.code
    assert SECRET not in ran.said
    return ran.code, {each["name"]: (each["status"], each["message"]) for each in document["checks"]}


def standing(found: dict[str, tuple[str, str]], *names: str) -> set[str]:
    return {found[name][0] for name in names}


def test_all_is_well(open_criteo: Opener, workspace: Path) -> None:
    """Each thing is ok but the one right that nothing tells; nothing is written to Criteo, nor to the disk."""
    criteo = open_criteo(switches=Switches(rate_headers="always"))
    before = sorted(workspace.rglob("*"))
    code, found = examined("-w", workspace)
    assert code == 0
    assert {name for name, (status, _) in found.items() if status != "ok"} == {"manage campaigns"}
    assert "the first apply that does" in found["manage campaigns"][1]
    assert sorted(workspace.rglob("*")) == before
    assert {each["operation"] for each in criteo.requests()} <= {
        *("GetCurrentApplication", "ListAdvertisers", "SearchAudienceSegments", "SearchAudiences", "SearchAdSets"),
        *("EstimateAudienceSegmentsSizes", "ComputeAudienceSegmentsSizes"),
    }


def test_as_text(open_criteo: Opener, workspace: Path) -> None:
    """One line a check and a sentence, without colour where nobody looks, with colour on a terminal."""
    criteo = open_criteo(switches=Switches(rate_headers="always"))
    ran = run("-w", workspace, "doctor")
    lines = ran.stdout.splitlines()
    assert (ran.code, ran.stderr) == (0, "")
    assert lines[-1] == "All is well. 1 could not be looked at."
    assert [line.split()[0] for line in lines[:-2]].count("ok") == len(lines) - 3
    assert "\x1b[" not in ran.stdout
    assert criteo.url in ran.stdout


def test_after_an_apply(open_criteo: Opener, workspace: Path) -> None:
    """The state tells its lineage and what it holds, and sizes are asked of a segment that is there."""
    criteo = open_criteo()
    assert run("-w", workspace, "apply", "--auto-approve", "--as-of", AS_OF).code == 0
    code, found = examined("-w", workspace)
    snapshot = json.loads((workspace / ".reconciler" / "snapshot.json").read_text(encoding="utf-8"))
    assert code == 0
    assert f"lineage {snapshot['lineage']}, 1 list of 1, 1 audience" in found["state"][1]
    assert "ComputeAudienceSegmentsSizes" in {each["operation"] for each in criteo.requests()}


def test_without_a_workspace(open_criteo: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs no workspace is looked at, with the advertiser that there is; the rest says why not."""
    open_criteo(advertisers=("43", "44"))
    monkeypatch.chdir(tmp_path)
    code, found = examined()
    assert code == 0
    assert standing(found, "credentials", "token", "app", "version", "read audiences", "manage audiences") == {"ok"}
    assert found["advertiser"] == ("ok", "the app is let in by 43, 44")
    assert standing(found, "workspace", "state", "lock", "source") == {"skipped"}
    assert "reconciler init" in found["workspace"][1]


def test_an_invalid_workspace(open_criteo: Opener, write_workspace: Writer) -> None:
    """The first problem with its place, exit 78, and what needs no workspace is looked at all the same."""
    open_criteo()
    code, found = examined("-w", write_workspace("segments: { vips: { hwo: { everyone: true } } }\n"))
    assert code == 78
    assert found["workspace"][0] == "failed"
    assert "definitions.yaml:2:13: segments.vips" in found["workspace"][1]
    assert "reconciler validate" in found["workspace"][1]
    assert standing(found, "state", "lock", "source") == {"skipped"}
    assert standing(found, "token", "app", "advertiser") == {"ok"}


@pytest.mark.parametrize("missing", ["CRITEO_CLIENT_ID", "CRITEO_CLIENT_SECRET"])
def test_credentials_are_missing(
    open_criteo: Opener, workspace: Path, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable is named, exit 7, nothing is sent, and state and source are looked at."""
    criteo = open_criteo()
    monkeypatch.delenv(missing)
    code, found = examined("-w", workspace)
    assert (code, found["credentials"][0]) == (7, "failed")
    assert missing in found["credentials"][1]
    assert standing(found, *CALLED_AT_CRITEO) == {"skipped"}
    assert standing(found, "workspace", "version", "state", "lock", "source") == {"ok"}
    assert criteo.requests() == []


def test_an_address_that_cannot_be_used(workspace: Path, open_criteo: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 64, as every command would."""
    open_criteo()
    monkeypatch.setenv("CRITEO_API_URL", "http://criteo.example.com")
    code, found = examined("-w", workspace)
    assert (code, found["credentials"][0]) == (64, "failed")
    assert "CRITEO_API_URL" in found["credentials"][1]


def test_a_wrong_secret(open_criteo: Opener, workspace: Path) -> None:
    """Exit 7, and the token says what to look at."""
    open_criteo(client_id="app", client_secret="another")
    code, found = examined("-w", workspace)
    assert (code, found["token"][0]) == (7, "failed")
    assert "CRITEO_CLIENT_SECRET" in found["token"][1]
    assert standing(found, *CALLED_AT_CRITEO[1:]) == {"skipped"}
    assert standing(found, "version", "state", "source") == {"ok"}


def test_without_a_network(workspace: Path, open_criteo: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens: exit 1 with the address, and what needs no network is looked at."""
    open_criteo()
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    monkeypatch.setenv("CRITEO_API_URL", url)
    code, found = examined("-w", workspace)
    assert (code, found["token"][0]) == (1, "failed")
    assert url in found["token"][1]
    assert "The connection was refused: nothing listens there." in found["token"][1]
    assert standing(found, *CALLED_AT_CRITEO[1:]) == {"skipped"}
    assert standing(found, "credentials", "version", "state", "lock", "source") == {"ok"}


@pytest.mark.parametrize(
    ("version", "today", "status", "words"),
    [
        ("2026-01", "2026-10-01", "ok", "supported until 2027-01-27 (Criteo's versioning policy)"),
        (
            "2026-01",
            "2026-11-22",
            "warning",
            "deprecated by now: set `criteo: { api_version: … }` in reconciler.yaml to",
        ),
        ("2026-01", "2027-03-01", "warning", "was supported until 2027-01-27"),
        ("2026-07", "2026-11-22", "ok", "supported until 2027-07-01"),
        ("2027-01", "2026-11-22", "warning", "may still change"),
        ("2027-01", "2027-06-01", "ok", "supported until 2028-01-01"),
    ],
)
def test_how_long_a_version_lives(  # noqa: PLR0917 - fixtures and cases
    open_criteo: Opener,
    write_workspace: Writer,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    today: str,
    status: str,
    words: str,
) -> None:
    """By the machine's date: supported, deprecated with what to take instead, over, or not yet stable; who says so."""
    open_criteo(without=("consent",))
    monkeypatch.setattr("reconciler.cli.doctor._today", lambda: dt.date.fromisoformat(today))
    settings = f'criteo: {{ api_version: "{version}" }}\n'
    _, found = examined("-w", write_workspace(DEFINITIONS, settings=settings))
    assert found["version"][0] == status
    assert words in found["version"][1]


def test_a_version_that_is_dead(open_criteo: Opener, workspace: Path) -> None:
    """Whatever the dates say, what Criteo no longer serves is dead: exit 7, and no right can be told."""
    open_criteo(without=("2026-07",), switches=Switches(other_versions="gone"))
    code, found = examined("-w", workspace)
    assert (code, found["version"][0]) == (7, "failed")
    assert "no longer serves" in found["version"][1]
    assert found["version"][1].endswith('Set `criteo: { api_version: … }` in reconciler.yaml to "2026-01".')
    assert standing(found, "app", "advertiser", "read audiences") == {"skipped"}
    assert standing(found, "state", "source", "clock") == {"ok"}


@pytest.mark.parametrize("options", [{"without": ("consent",)}, {"advertisers": ("43", "44")}])
def test_an_advertiser_that_has_not_let_us_in(open_criteo: Opener, workspace: Path, options: dict[str, Any]) -> None:
    """Exit 7, who has let us in is told, and rights can't be."""
    open_criteo(**options)
    code, found = examined("-w", workspace)
    assert (code, found["advertiser"][0]) == (7, "failed")
    assert ("43, 44" if "advertisers" in options else "by nobody") in found["advertiser"][1]
    assert standing(found, "read audiences", "manage audiences", "read campaigns", "manage campaigns") == {"skipped"}


@pytest.mark.parametrize(
    ("lack", "name", "scope"),
    [
        ("audience-read", "read audiences", "MarketingSolutions_Audience_Read"),
        ("audience-manage", "manage audiences", "MarketingSolutions_Audience_Manage"),
        ("campaign-read", "read campaigns", "MarketingSolutions_Campaign_Read"),
    ],
)
def test_a_right_that_is_missing(open_criteo: Opener, workspace: Path, lack: str, name: str, scope: str) -> None:
    """Exit 7, and the right in Criteo's word; what goes with it says so, the other rights are told."""
    open_criteo(without=(lack,))
    code, found = examined("-w", workspace)
    assert (code, found[name][0]) == (7, "failed")
    assert scope in found[name][1]
    assert [each for each, (status, _) in found.items() if status == "failed"] == [name]
    assert ("goes with reading" in found["manage campaigns"][1]) == (lack == "campaign-read")


def test_a_right_that_is_not_needed(open_criteo: Opener, workspace: Path) -> None:
    """Campaigns do not matter to a workspace that names no ad set."""
    criteo = open_criteo(without=("campaign-read",))
    (workspace / "definitions.yaml").write_text(f"version: 1\n{DEFINITIONS.splitlines()[0]}\n", encoding="utf-8")
    code, found = examined("-w", workspace)
    assert code == 0
    assert "no audience names an ad set" in found["read campaigns"][1]
    assert "SearchAdSets" not in {each["operation"] for each in criteo.requests()}


def test_the_rate(open_criteo: Opener, workspace: Path) -> None:
    """What is left is told; little of it, and more calls of ours than Criteo allows, are to be known of."""
    open_criteo(rate_limit=250, switches=Switches(rate_headers="always"))
    assert examined("-w", workspace)[1]["rate"][0] == "ok"
    open_criteo(rate_limit=100, switches=Switches(rate_headers="always"))
    status, words = examined("-w", workspace)[1]["rate"]
    assert (status, "more than Criteo allows" in words) == ("warning", True)
    open_criteo(rate_limit=0)
    assert examined("-w", workspace)[1]["rate"][0] == "skipped"


def test_the_rate_is_nearly_used_up(open_criteo: Opener, workspace: Path) -> None:
    """With another program on the same app, what is left is little."""
    criteo = open_criteo(rate_limit=250, switches=Switches(rate_headers="always", rate_window="fixed"))
    criteo.set_clock("2026-11-22T12:00:01Z")
    form = {"client_id": "app", "client_secret": "b", "grant_type": "client_credentials"}
    token = criteo.http.post("/oauth2/token", data=form).json()["access_token"]
    for _ in range(230):
        criteo.http.get("/2026-07/advertisers/me", headers={"Authorization": f"Bearer {token}"})
    status, words = examined("-w", workspace)[1]["rate"]
    assert (status, "another program" in words) == ("warning", True)


@pytest.mark.parametrize(
    ("seconds", "code", "status"), [(10, 0, "ok"), (120, 0, "warning"), (600, 3, "failed"), (-600, 3, "failed")]
)
def test_the_clock(open_criteo: Opener, workspace: Path, seconds: int, code: int, status: str) -> None:
    """Some seconds are fine, two minutes are to be known of, ten would stop a plan: exit 3."""
    criteo = open_criteo()
    criteo.set_clock((dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)).isoformat())
    ended, found = examined("-w", workspace)
    assert (ended, found["clock"][0]) == (code, status)


def test_a_state_that_is_somebody_elses(open_criteo: Opener, workspace: Path) -> None:
    """Another workspace's or another advertiser's state: exit 4 and what to do; it is left untouched."""
    open_criteo(advertisers=("42", "43"))
    open_store(load(workspace).settings).initialise("acme-retention", "43")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert "another advertiser" in found["state"][1]
    snapshot = workspace / ".reconciler" / "snapshot.json"
    snapshot.write_text("{", encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert snapshot.read_text(encoding="utf-8") == "{"
    assert standing(found, "source", "token") == {"ok"}


def test_a_ledger_that_is_not_whole(open_criteo: Opener, workspace: Path) -> None:
    """A file of it that is missing is told before a run meets it: exit 4."""
    open_criteo(rate_limit=0)
    assert run("-w", workspace, "apply", "--auto-approve", "--as-of", AS_OF).code == 0
    (ledger,) = (workspace / ".reconciler" / "ledger").iterdir()
    ledger.unlink()
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert found["state"][1].startswith("The ledger is not whole.")
    assert found["state"][1].endswith("put back the state from a backup.")


def test_a_state_that_is_lost(open_criteo: Opener, workspace: Path) -> None:
    """No state here and our mark at Criteo: exit 4 as a plan would, in one line, a few of the resources named."""
    open_criteo(rate_limit=0)
    many = "".join(f"  more-{number}: {{ who: {{ event: purchase, within: {number}d }} }}\n" for number in range(1, 5))
    (workspace / "more.yaml").write_text(f"version: 1\nsegments:\n{many}", encoding="utf-8")
    assert run("-w", workspace, "apply", "--auto-approve", "--as-of", AS_OF).code == 0
    shutil.rmtree(workspace / ".reconciler")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert "the ledger is missing" in found["state"][1]
    assert "and 3 more. Bring back the state folder" in found["state"][1]
    assert run("-w", workspace, "plan", "--as-of", AS_OF).code == 4
    assert not (workspace / ".reconciler").exists()


def test_a_name_that_leads_nowhere(workspace: Path, open_criteo: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that the name service does not know is told from one that does not answer."""
    open_criteo()
    monkeypatch.setenv("CRITEO_API_URL", "https://criteo.invalid")
    code, found = examined("-w", workspace)
    assert (code, found["token"][0]) == (1, "failed")
    assert "The name of its host is not known here (DNS)." in found["token"][1]
    assert "Its address is https://criteo.invalid." in found["token"][1]


def test_a_state_that_cannot_be_written(open_criteo: Opener, write_workspace: Writer, workspace: Path) -> None:
    """A folder in which nothing can be made is told before an apply meets it: exit 4."""
    open_criteo()
    write_workspace(DEFINITIONS, settings="state: /proc/reconciler\n")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert "could not be written" in found["state"][1]


def test_a_build_server_without_state(open_criteo: Opener, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runner forgets its disk: exit 4, and how a first apply is told apart."""
    open_criteo()
    monkeypatch.setenv("CI", "true")
    code, found = examined("-w", workspace)
    assert (code, found["state"][0]) == (4, "failed")
    assert "--init-state" in found["state"][1]


def test_the_lock(open_criteo: Opener, workspace: Path) -> None:
    """A live writer and a dead one are told with what to do, and neither is a failure."""
    open_criteo()
    store = open_store(load(workspace).settings)
    with store.lock("apply") as lease:
        code, found = examined("-w", workspace)
        assert (code, found["lock"][0]) == (0, "warning")
        assert "`apply` on " in found["lock"][1]
        assert f"state unlock {lease.lock.id}" in found["lock"][1]
        path = workspace / ".reconciler" / "lock.json"
        content = json.loads(path.read_text(encoding="utf-8"))
    store.initialise("acme-retention", "42")
    path.write_text(json.dumps({**content, "pid": 2**22 + 1}), encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["lock"][0]) == (0, "warning")
    assert "its process is no more: the next run takes it over" in found["lock"][1]
    path.write_text("not ours", encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["lock"][0]) == (4, "failed")


def test_the_source(open_criteo: Opener, workspace: Path) -> None:
    """What never occurs is to be known of; a column or a table that is not there is exit 78."""
    open_criteo()
    events = workspace / "events.csv"
    events.write_text(events.read_text(encoding="utf-8").replace("purchase", "purchased"), encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["source"][0]) == (0, "warning")
    assert "purchased" in found["source"][1]
    (workspace / "customers.csv").write_text("customer_id,mail\nann,ann@example.com\n", encoding="utf-8")
    code, found = examined("-w", workspace)
    assert (code, found["source"][0]) == (78, "failed")
    assert "ann@" not in str(found)
    events.unlink()
    assert examined("-w", workspace)[0] == 78


def test_the_worst_code_counts(open_criteo: Opener, workspace: Path) -> None:
    """Of several failures, 78 comes before 7 and 7 before 4; every one of them is told."""
    open_criteo(without=("audience-read",))
    open_store(load(workspace).settings).initialise("another", "42")
    code, found = examined("-w", workspace)
    assert code == 7
    assert standing(found, "state", "read audiences") == {"failed"}
    (workspace / "customers.csv").unlink()
    assert examined("-w", workspace)[0] == 78


def test_as_a_process(open_criteo: Opener, workspace: Path) -> None:
    """A real process says the same on stdout, in colour on a terminal alone, and its help has an example."""
    criteo = open_criteo()
    ran = process("-w", workspace, "doctor", env=environment(criteo.url))
    assert (ran.code, ran.stderr) == (0, "")
    assert "manage audiences  the app may" in ran.stdout
    assert "\x1b[" not in ran.stdout
    with Terminal("-w", workspace, "doctor", env=environment(criteo.url), results_only=True) as terminal:
        code, seen = terminal.end()
    assert (code, "\x1b[32mok     \x1b[0m" in seen) == (0, True)
    assert "Example: reconciler" in run("doctor", "--help").stdout
