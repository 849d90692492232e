from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Switches
from tests.conftest import Writer
from tests.doctor.examining import DEFINITIONS, Opener, examined, standing

CALLED_AT_CRITEO = (
    *("token", "app", "advertiser", "read audiences", "manage audiences", "read campaigns", "manage campaigns"),
    *("rate", "clock"),
)


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


def test_a_name_that_leads_nowhere(workspace: Path, open_criteo: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that the name service does not know is told from one that does not answer."""
    open_criteo()
    monkeypatch.setenv("CRITEO_API_URL", "https://criteo.invalid")
    code, found = examined("-w", workspace)
    assert (code, found["token"][0]) == (1, "failed")
    assert "The name of its host is not known here (DNS)." in found["token"][1]
    assert "Its address is https://criteo.invalid." in found["token"][1]


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


def test_the_rate_of_sizes_is_not_the_apps(open_criteo: Opener, workspace: Path) -> None:
    """Criteo may limit sizes by themselves, and tell of it on their answers, which come last here."""
    open_criteo(rate_limit=250, switches=Switches(rate_headers="always", sizes_rate=30))
    status, words = examined("-w", workspace)[1]["rate"]
    assert (status, "of 250" in words) == ("ok", True)


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
