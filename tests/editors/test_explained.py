"""Every key there is, in a real YAML language server: completed where it can stand, and explained where it stands."""

from __future__ import annotations

from pathlib import Path

from reconciler.config.editors import FOLDER, mode_line
from tests.editors.described import Key, described
from tests.editors.language_server import LanguageServer
from tests.schema_walk.walk import keys

KEYS = described()


def in_file(key: Key, text: str, workspace: Path) -> tuple[str, str]:
    name = "reconciler.yaml" if key.file == "reconciler.yaml" else "segments.yaml"
    return name, f"{mode_line(workspace / name, workspace / FOLDER)}\n{text}"


def test_no_key_is_forgotten() -> None:
    """What is asked for below is all that the schemas have."""
    assert {key.place.replace(".[]", "[]") for key in KEYS} == set(keys())


def test_every_key_is_explained(server: LanguageServer, workspace: Path) -> None:
    """Where it stands, the server shows its description, word for word and as Markdown."""
    silent = [key.place for key in KEYS if key.description not in server.hover(*in_file(key, key.hovered, workspace))]
    assert silent == []


def test_every_key_is_completed(server: LanguageServer, workspace: Path) -> None:
    """Where it could come next, the server offers it. Only the user knows names of his own."""
    missing = [
        key.place
        for key in KEYS
        if key.way[-1] != "*" and key.way[-1] not in server.completions(*in_file(key, key.awaited, workspace))
    ]
    assert missing == []
