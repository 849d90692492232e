"""What the rooms below log, on stderr: warnings always, the calls to Criteo where `--debug` asks for them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.cli.options import Surroundings

_OURS = "reconciler"


@contextmanager
def heard(surroundings: Surroundings) -> Iterator[None]:
    """Until it ends, what is logged reaches the user."""
    logger, handler = logging.getLogger(_OURS), _Teller(surroundings)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


class _Teller(logging.Handler):
    """Says what is logged as the command says everything else."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__()
        self._surroundings = surroundings

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it, unless it is for debugging and nobody asked."""
        if record.levelno >= logging.WARNING:
            self._surroundings.tell(record.getMessage(), level="warning")
        elif self._surroundings.debug:
            self._surroundings.tell(record.getMessage(), level="debug")
