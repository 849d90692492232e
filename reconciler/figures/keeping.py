"""One look at Criteo's counts: ask for those whose turn it is, and keep what came of it beside the snapshot."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from reconciler.errors import CriteoError, NotAuthorised, StateError
from reconciler.figures.asking import Counting, ask, taken_in
from reconciler.figures.turns import due
from reconciler.state.snapshot import Snapshot
from reconciler.state.statistics import Synced
from reconciler.state.store import Store


class Client(Counting, Protocol):
    """What of the client is needed here."""

    def skew(self) -> dt.timedelta | None: ...


def refreshed(
    client: Client, store: Store, snapshot: Snapshot, *, room: int, synced: Synced | None = None
) -> str | None:
    """Ask for the counts of at most `room` lists, the oldest first, and keep them.

    Answers what to say where they could not be asked for or kept: no run fails for want of them.
    """
    try:
        known = store.statistics(snapshot)
        ids = {address: record.criteo_id for address, record in snapshot.lists.items()}
        asked = ask(client, ids, due(known, ids, criteos_now(client), room))
        now = criteos_now(client)
        store.note_statistics(snapshot, lambda before: taken_in(before, snapshot.lists, asked, now, synced))
    except StateError as error:
        return f"Criteo's counts are not kept. {error.detail} {error.hint}"
    return why(asked.problem) if asked.problem else None


def criteos_now(client: Client) -> dt.datetime:
    """Criteo's own clock, to the second; the machine's before Criteo's first answer."""
    skew = client.skew() or dt.timedelta(0)
    return (dt.datetime.now(dt.UTC) - skew).replace(microsecond=0)


def why(problem: CriteoError) -> str:
    """Why there are no newer counts."""
    said = f"{problem.summary} {problem.detail}".strip()
    return f"Criteo's counts of the lists could not be asked for. {said}" + (
        " They need the right to read audiences." if isinstance(problem, NotAuthorised) else ""
    )
