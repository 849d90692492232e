"""The journal: before a run's first request what it is about to do, then what became of it. One file a run.

The first line, the intent, is durable before anything is sent. The results after it are there for people: what the next
run says again is decided by the intent alone, because an answer that was not written down may still have been given.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from reconciler.errors import StateError
from reconciler.state.files import disk_errors, make_folder, sync_folder, write_whole
from reconciler.state.format import doubt_from_dict, doubt_to_dict
from reconciler.state.moments import moment_from_json, moment_to_json
from reconciler.state.snapshot import Doubt

FORMAT_VERSION = 1
_NAME = re.compile(r"([0-9]{8,})\.jsonl")


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """What a run is about to do: `names` holds the lists with the rows that move, and what is to be created."""

    number: int
    workspace: str
    lineage: str
    operation: str
    at: dt.datetime
    as_of: dt.datetime
    names: Doubt


class Journal:
    """An open journal, safe to be written from any thread."""

    def __init__(self, number: int, path: Path) -> None:
        self.number = number
        self._path = path
        self._lock = threading.Lock()
        with disk_errors(path, "written"):
            self._file: TextIO = path.open("a", encoding="utf-8")

    def record(self, result: Mapping[str, Any]) -> None:
        """Append one result: plain JSON values, never an identifier. Raises StateError when the disk is full."""
        line = json.dumps({"kind": "result", **result}, ensure_ascii=False)
        with self._lock, disk_errors(self._path, "written"):
            self._file.write(line + "\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file; the journal stays until a snapshot has taken it in."""
        with disk_errors(self._path, "written"):
            self._file.close()


class JournalFolder:
    """The journals of a state that are not taken in yet, by number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def next_number(self, taken_in: int) -> int:
        """The number of the next journal, after all there are and after the last that a snapshot has taken in."""
        return max([taken_in, *(number for number, _ in self._files())]) + 1

    def begin(self, intent: Intent) -> Journal:
        """Write the intent durably; only after this may anything be sent. Raises StateError."""
        path = self._folder / f"{intent.number:08d}.jsonl"
        with disk_errors(path, "written"):
            make_folder(self._folder)
            write_whole(path, (json.dumps(_intent_to_dict(intent), ensure_ascii=False) + "\n").encode())
            sync_folder(self._folder.parent)
        return Journal(intent.number, path)

    def intents(self, lineage: str, after: int) -> tuple[Intent, ...]:
        """The intents with a number above `after`, in order. Raises StateError on a journal of another state.

        An intent whose line is not whole was never durable: nothing was sent for it, and it is left out.
        """
        found = (self._read(path) for number, path in self._files() if number > after)
        intents = tuple(intent for intent in found if intent is not None)
        for intent in intents:
            if intent.lineage != lineage:
                raise _foreign(self._folder / f"{intent.number:08d}.jsonl")
        return intents

    def remove(self, up_to: int) -> None:
        """Remove the journals that a snapshot has taken in."""
        for number, path in self._files():
            if number <= up_to:
                path.unlink(missing_ok=True)

    def newest(self) -> int:
        """The highest number there is, 0 without any."""
        return max((number for number, _ in self._files()), default=0)

    def _files(self) -> Iterator[tuple[int, Path]]:
        paths = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        for path in paths:
            if match := _NAME.fullmatch(path.name):
                yield int(match[1]), path

    def _read(self, path: Path) -> Intent | None:
        with disk_errors(path, "read"), path.open("rb") as file:
            line = file.readline()
        if not line.endswith(b"\n"):
            return None
        try:
            return _intent_from_dict(json.loads(line))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _foreign(path) from error


def _intent_to_dict(intent: Intent) -> dict[str, Any]:
    return {
        "kind": "intent",
        "format_version": FORMAT_VERSION,
        "number": intent.number,
        "workspace": intent.workspace,
        "lineage": intent.lineage,
        "operation": intent.operation,
        "at": moment_to_json(intent.at),
        "as_of": moment_to_json(intent.as_of),
        "names": doubt_to_dict(intent.names),
    }


def _intent_from_dict(data: dict[str, Any]) -> Intent:
    at, as_of = moment_from_json(data["at"]), moment_from_json(data["as_of"])
    if data["kind"] != "intent" or data["format_version"] != FORMAT_VERSION or at is None or as_of is None:
        raise ValueError(data["kind"])
    return Intent(
        number=data["number"],
        workspace=data["workspace"],
        lineage=data["lineage"],
        operation=data["operation"],
        at=at,
        as_of=as_of,
        names=doubt_from_dict(data["names"]),
    )


def _foreign(path: Path) -> StateError:
    return StateError(
        "A journal is not ours to read.",
        f"{path}: it belongs to another state, was written by a newer version, or is damaged.",
        "Put the state folder back from a backup as a whole. The journal was left untouched.",
    )
