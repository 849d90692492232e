from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.config.environment import in_ci, read_credentials, wants_color
from reconciler.errors import NotAuthorised, Usage

SECRET = "hush-hush"
COMPLETE = {"CRITEO_CLIENT_ID": "me", "CRITEO_CLIENT_SECRET": SECRET}


def test_credentials_come_from_the_environment() -> None:
    """Id and secret are read, Criteo's own address is the default, and the secret is not shown."""
    credentials = read_credentials(COMPLETE)
    assert (credentials.client_id, credentials.client_secret.reveal()) == ("me", SECRET)
    assert credentials.api_url == "https://api.criteo.com"
    assert SECRET not in repr(credentials)


def test_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """A mounted secret is read without the line break at its end."""
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    env = {"CRITEO_CLIENT_ID": "me", "CRITEO_CLIENT_SECRET_FILE": str(file)}
    assert read_credentials(env).client_secret.reveal() == SECRET


@pytest.mark.parametrize(
    ("env", "detail"),
    [
        ({}, "Not set: CRITEO_CLIENT_ID and CRITEO_CLIENT_SECRET."),
        ({"CRITEO_CLIENT_ID": "me", "CRITEO_CLIENT_SECRET": " "}, "Not set: CRITEO_CLIENT_SECRET."),
        ({"CRITEO_CLIENT_SECRET": SECRET}, "Not set: CRITEO_CLIENT_ID."),
        (
            {**COMPLETE, "CRITEO_CLIENT_SECRET_FILE": "/nowhere"},
            "CRITEO_CLIENT_SECRET and CRITEO_CLIENT_SECRET_FILE are both set.",
        ),
        (
            {"CRITEO_CLIENT_ID": "me", "CRITEO_CLIENT_SECRET_FILE": SECRET},
            "CRITEO_CLIENT_SECRET_FILE names no file that can be read (FileNotFoundError).",
        ),
    ],
)
def test_missing_credentials_end_in_exit_7_with_what_to_set(env: dict[str, str], detail: str) -> None:
    """The message names the variables, and never a value."""
    with pytest.raises(NotAuthorised) as caught:
        read_credentials(env)
    assert (caught.value.exit_code, caught.value.detail) == (7, detail)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8799", "http://localhost:8799/", "https://proxy.example.com:8443"])
def test_another_address_is_taken_when_it_is_safe(url: str) -> None:
    """Plain http is for the machine itself; everything else needs https."""
    assert read_credentials({**COMPLETE, "CRITEO_API_URL": url}).api_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        *("http://api.example.com", "api.example.com", "ftp://x", "https://", "https://[", "https://a:b@x"),
        *("https://proxy.example.com/criteo", "http://127.0.0.1:99999", "https://proxy.example.com:port"),
    ],
)
def test_an_address_that_would_send_the_secret_in_clear_is_refused(url: str) -> None:
    """An address without https, one with more than a host, or none at all, is a mistake of usage."""
    with pytest.raises(Usage):
        read_credentials({**COMPLETE, "CRITEO_API_URL": url})


@pytest.mark.parametrize(
    ("value", "expected"),
    [("true", True), ("1", True), ("woodpecker", True), ("", False), ("false", False), ("0", False)],
)
def test_a_build_server_says_so(value: str, expected: bool) -> None:
    """CI counts unless it is empty or says no."""
    assert in_ci({"CI": value}) is expected
    assert in_ci({}) is False


@pytest.mark.parametrize(
    ("env", "expected"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]
)
def test_colour_can_be_declined(env: dict[str, str], expected: bool) -> None:
    """NO_COLOR with any text, or a dumb terminal, means no colour."""
    assert wants_color(env) is expected
