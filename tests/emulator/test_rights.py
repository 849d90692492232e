from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from reconciler.emulator import LACKS, EmulatorTransport, Switches, create_app
from reconciler.emulator.rights import SCOPES, Lack
from reconciler.emulator.routes import ROUTES, VERSIONS

API = "/2026-07/marketing-solutions"
LIST = {"type": "AudienceSegment", "attributes": {"advertiserId": "42", "name": "VIPs", "contactList": {}}}
CALLS: Mapping[str, tuple[str, str, object]] = {
    "search": ("POST", "/audience-segments/search", {"data": {"type": "AudienceSegment", "attributes": {}}}),
    "sizes": ("POST", "/audience-segments/compute-sizes", {"data": []}),
    "create": ("POST", "/audience-segments/create", {"data": [LIST]}),
    "ad sets": ("POST", "/ad-sets/search", {}),
    "link": ("PUT", "/ad-sets/700123/audience", {"data": {"attributes": {"audienceId": None}}}),
    "me": ("GET", "/me", None),
}


def statuses(*without: Lack) -> dict[str, int]:
    """What each call comes to for an app without these."""
    app = create_app(without=without, switches=Switches(other_versions="gone"))
    with httpx.Client(transport=EmulatorTransport(app), base_url="http://criteo.example.com") as http:
        form = {"client_id": "a", "client_secret": "b", "grant_type": "client_credentials"}
        http.headers["Authorization"] = f"Bearer {http.post('/oauth2/token', data=form).json()['access_token']}"
        answers = {
            name: http.request(method, API + path, json=body) if body is not None else http.request(method, API + path)
            for name, (method, path, body) in CALLS.items()
        }
        answers["portfolio"] = http.get("/2026-07/advertisers/me")
    app.close()
    refused = [answer.json()["errors"][0] for answer in answers.values() if answer.status_code == 403]
    assert {(each["type"], each["code"]) for each in refused} <= {
        ("authorization", "insufficient-advertiser-permissions")
    }
    assert (answers["portfolio"].json().get("data") == []) == ("consent" in without)
    return {name: answer.status_code for name, answer in answers.items()}


@pytest.mark.parametrize(
    ("lack", "refused"),
    [
        ("audience-read", {"search", "sizes", "create"}),
        ("audience-manage", {"sizes", "create"}),
        ("campaign-read", {"ad sets", "link"}),
        ("campaign-manage", {"link"}),
        ("consent", {"sizes", "create", "link"}),
    ],
)
def test_what_an_app_cannot_do(lack: Lack, refused: set[str]) -> None:
    """Without a right its operations are refused, reading goes with managing, and consent hides what there is."""
    assert {name for name, status in statuses(lack).items() if status == 403} == refused


def test_an_app_lacks_nothing_unless_said_so() -> None:
    """Every call of a new emulator is allowed."""
    assert set(statuses().values()) == {200}


def test_every_operation_has_its_right() -> None:
    """Those of audiences, ad sets and campaigns need one, the portfolio and the app's own none."""
    operations = {route.operation for route in ROUTES}
    assert operations - SCOPES.keys() == {"ListAdvertisers", "GetCurrentApplication"}
    assert set(SCOPES.values()) | {"consent", *VERSIONS} == set(LACKS)


def test_a_version_that_has_ended() -> None:
    """A version that the app is without is gone, and the others are served."""
    assert set(statuses("2026-07").values()) == {410}
    assert set(statuses("2026-01").values()) == {200}
