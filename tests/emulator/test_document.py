"""docs/emulator.md: what it tells to send is sent, what it lists is complete."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from reconciler.emulator import own
from reconciler.emulator.faults import ANSWERS, KINDS, Mishap, Rule
from tests.emulator.caller import Caller

DOCUMENT = Path(__file__).parents[2] / "docs" / "emulator.md"


def _commands() -> Iterator[tuple[str, str, str]]:
    """Method, path and body of every `curl` that the page shows."""
    for block in re.findall(r"^```sh\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for command in re.split(r"^(?=curl )", re.sub(r"^#.*\n", "", block, flags=re.MULTILINE), flags=re.MULTILINE):
            words = shlex.split(command)
            if words:
                body = words[words.index("-d") + 1] if "-d" in words else ""
                method = words[words.index("-X") + 1] if "-X" in words else "POST" if body else "GET"
                url = next(word for word in words if word.startswith("http"))
                yield method, re.sub(r"http://[^/]+", "", url), body


@pytest.mark.parametrize(("method", "path", "body"), list(_commands()))
def test_what_the_page_sends_is_taken(caller: Caller, method: str, path: str, body: str) -> None:
    """Every example, as it is shown."""
    answer = caller.http.request(
        method, path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert 200 == answer.status_code, answer.text


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page shows calls of curl")
def test_what_the_page_does_by_hand_works(remote: Caller) -> None:
    """Token, list, member and search, as it is shown."""
    text = DOCUMENT.read_text(encoding="utf-8")
    script = re.findall(r"^```bash\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0]
    url = str(remote.http.base_url).rstrip("/")
    ran = subprocess.run(
        ["bash", "-euc", script.replace("http://127.0.0.1:8799", url)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    made, amended, found, told = map(json.loads, ran.stdout.splitlines())
    assert made["data"] == found["data"]
    assert (1, 1) == tuple(amended["data"]["attributes"][f"nb{kind}Identifiers"] for kind in ("Valid", "Invalid"))
    assert [{"id": "500", "name": "VIP", "type": "ContactList", "count": 1}] == told


def _told(heading: str) -> set[str]:
    """The words in the first column of the table under a heading."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(f"| {heading} |")[2]
    rows = text.partition("\n\n")[0].splitlines()[2:]
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_the_page_lists_every_kind_field_answer_and_endpoint() -> None:
    """And none that does not exist."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert set(KINDS) == _told("kind")
    given = {each.name for each in (*fields(Rule), *fields(Mishap))} - {"mishap", "effect", "reply", "kind"}
    assert given | {"answer"} == _told("field")
    row = next(line for line in text.splitlines() if line.startswith("| `answer` |"))
    assert set(ANSWERS) == set(re.findall(r"`([^`]+)`", row.split("|")[2]))
    paths = set(re.findall(r"/emulator/[a-z/]+", own.__doc__ or ""))
    assert paths == {path for path in re.findall(r"/emulator/[a-z/]+", text) if path != "/emulator/"}
