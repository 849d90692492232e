"""The proxy of the machine, on the way to any host but the machine itself."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from reconciler.criteo.connect import connect
from reconciler.errors import CriteoError
from reconciler.model.settings import Credentials, Secret
from tests.cli.commandline import run
from tests.criteo.pretend import UNLIMITED

_ADDRESS = "https://criteo.invalid"


@pytest.fixture(params=["socks5://me:word@127.0.0.1:9", "gopher://127.0.0.1:9"])
def strange_proxy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A proxy of a kind that nothing here can use."""
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTPS_PROXY", request.param)
    return str(request.param)


def test_a_proxy_that_can_not_be_used(strange_proxy: str) -> None:
    """It is named as the cause, and is not quoted: it may hold a password."""
    credentials = Credentials(client_id="app", client_secret=Secret("secret"), api_url=_ADDRESS)
    with pytest.raises(CriteoError, match="proxy") as caught:
        connect(credentials, UNLIMITED, "42", read_only=True)
    assert "HTTPS_PROXY" in caught.value.detail
    assert "word" not in str(caught.value)


def test_doctor_and_such_a_proxy(strange_proxy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one line among others, and all the others are there."""
    monkeypatch.chdir(tmp_path)
    for name, value in {"ID": "app", "SECRET": "secret"}.items():
        monkeypatch.setenv(f"CRITEO_CLIENT_{name}", value)
    monkeypatch.setenv("CRITEO_API_URL", _ADDRESS)
    ran = run("doctor", "--format", "json")
    found = {each["name"]: each for each in json.loads(ran.stdout)["checks"]}
    assert (ran.code, found["token"]["status"]) == (1, "failed")
    assert "HTTPS_PROXY" in found["token"]["message"]
    assert found["version"]["status"] == "ok"
    assert found["source"]["status"] == "skipped"
    assert strange_proxy not in ran.said


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is refused by a proxy is told to look at it too, not at Criteo's address alone."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        proxy = f"http://127.0.0.1:{gone.getsockname()[1]}"
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    credentials = Credentials(client_id="app", client_secret=Secret("secret"), api_url=_ADDRESS)
    with (
        connect(credentials, UNLIMITED, "42", read_only=True, sleep=lambda _: None) as client,
        pytest.raises(CriteoError) as caught,
    ):
        client.sign_in()
    assert "HTTPS_PROXY" in caught.value.hint
