"""What Criteo announces beside its answers: told once each, however many calls hear it."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from threading import Lock

from reconciler.criteo.problems import CriteoProblem

_log = logging.getLogger("reconciler.criteo")


class Notices:
    """Hears every answer, and tells what is new as a warning in the log. Shared by all threads of an application."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._lock = Lock()
        self._told: set[str] = set()

    def hear(self, headers: Mapping[str, str], problems: Iterable[CriteoProblem]) -> None:
        """Take in an answer: `Deprecation` and `Sunset` (Criteo's policy of versions), and what it calls deprecated."""
        if headers.get("deprecation", "").strip().lower() not in ("", "false"):
            self._tell(
                f"Criteo will end version {self._version} of its API{_when(headers.get('sunset', ''))}. "
                "Set `criteo: { api_version: … }` in reconciler.yaml to a newer one before."
            )
        for problem in problems:
            if problem.is_notice:
                told = f" It says: {problem.words}." if problem.words else ""
                self._tell(f"{problem.meaning.summary}{told} {problem.meaning.hint}")

    def _tell(self, message: str) -> None:
        with self._lock:
            is_new = message not in self._told
            self._told.add(message)
        if is_new:
            _log.warning("%s", message)


def _when(sunset: str) -> str:
    """The day of a `Sunset` header, as ISO 8601 or in the form of HTTP; nothing for what is no date."""
    day = re.match(r"\d{4}-\d{2}-\d{2}", sunset)
    try:
        return f" on {dt.date.fromisoformat(day[0]) if day else parsedate_to_datetime(sunset).date()}"
    except (ValueError, OverflowError):
        return ""
