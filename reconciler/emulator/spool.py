"""Keep the members of a world without a folder: in memory, and past some size in a temporary file."""

from __future__ import annotations

import os
from dataclasses import replace
from tempfile import SpooledTemporaryFile

from reconciler.emulator.members import Run
from reconciler.emulator.packed import Packed
from reconciler.emulator.persist import Due
from reconciler.emulator.world import Event

BYTES_IN_MEMORY = 64 << 20


class Spool:
    """Where members lie as long as the process lives; the file has no name, so nothing is left of it."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=BYTES_IN_MEMORY)  # noqa: SIM115 - closed with the world

    def append(self, event: Event, _: Due | None = None) -> Event:
        """Put members away; they are then in `run`."""
        keys = event.keys
        if not keys.payload:
            return event
        offset = self._file.seek(0, os.SEEK_END)
        self._file.write(keys.payload)
        run = Run(offset=offset, length=len(keys.payload), width=keys.width, count=len(keys))
        return replace(event, keys=Packed(), run=run)

    def read(self, run: Run) -> Packed:
        """Return members that were put away."""
        self._file.seek(run.offset)
        return Packed(self._file.read(run.length), run.width)

    def close(self) -> None:
        """Forget them."""
        self._file.close()
