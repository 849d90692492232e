from __future__ import annotations

import logging

import httpx
import pytest

from reconciler.errors import VersionEnded
from reconciler.model.settings import Criteo
from tests.criteo.pretend import Scripted, always, new_client, problem

OLD = Criteo(api_version="2026-01", calls_per_minute=0)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The warnings so far."""
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


@pytest.mark.parametrize(
    ("headers", "when"),
    [
        ({"Deprecation": "true", "Sunset": "2027-02-02"}, " on 2027-02-02."),
        ({"Deprecation": "true", "Sunset": "Tue, 02 Feb 2027 00:00:00 GMT"}, " on 2027-02-02."),
        ({"Deprecation": "@1796083200", "Sunset": "2027-02-02T00:00:00Z"}, " on 2027-02-02."),
        ({"Deprecation": "true", "Sunset": "soon"}, "of its API."),
        ({"Deprecation": "true", "Sunset": "2027-99-99"}, "of its API."),
        ({"Deprecation": "true"}, "of its API."),
    ],
)
def test_the_end_of_a_version_is_told_once(
    headers: dict[str, str], when: str, caplog: pytest.LogCaptureFixture
) -> None:
    """However many calls say that the version ends, it is one note, with its day and what to do."""
    client = new_client(httpx.MockTransport(Scripted(always(200, {"data": []}, **headers))), OLD)
    client.segments()
    client.audiences()
    client.for_writing().delete_segments(["501"])
    (note,) = told(caplog)
    assert note.startswith("Criteo will end version 2026-01")
    assert when in note
    assert "api_version" in note


def test_what_criteo_calls_deprecated_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Each field and each endpoint that will be withdrawn is one note in Criteo's words, and fails nothing."""
    notices = [
        problem("deprecated-field", title="Field x goes"),
        problem("endpoint-deprecated", title="Call y goes"),
        problem("something-new", type="deprecation", title="It goes"),
        problem("a-remark", title="All is well"),
    ]
    server = Scripted(always(200, {"data": [{"id": "501", "attributes": {"size": 7}}], "warnings": notices}))
    client = server.connect()
    for _ in range(3):
        assert client.segment_sizes(["501"]) == (7,)
    assert [next(word for word in ("x", "y", "It") if f"{word} goes" in note) for note in told(caplog)] == [
        "x",
        "y",
        "It",
    ]


def test_a_refusal_is_no_announcement(caplog: pytest.LogCaptureFixture) -> None:
    """A version that is dead is an error, and not a note as well."""
    with pytest.raises(VersionEnded):
        Scripted(always(410, {"errors": [problem("endpoint-deprecated", type="deprecation")]})).connect().segments()
    assert told(caplog) == []


@pytest.mark.parametrize("headers", [{}, {"Deprecation": "false"}, {"Deprecation": ""}, {"Sunset": "2027-02-02"}])
def test_nothing_is_announced(headers: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    """Without the header that says so, there is no note."""
    Scripted(always(200, {"data": []}, **headers)).connect().segments()
    assert told(caplog) == []


def test_an_end_that_no_calendar_has(caplog: pytest.LogCaptureFixture) -> None:
    """A day that can't be told is left out of the note."""
    never = {"Deprecation": "true", "Sunset": "Mon, 01 Jan 99999999999 00:00:00 GMT"}
    Scripted(always(200, {"data": []}, **never)).connect().segments()
    (note,) = told(caplog)
    assert note.startswith("Criteo will end version 2026-07 of its API. Set ")
