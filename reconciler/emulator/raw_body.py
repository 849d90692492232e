"""Read the bytes of a body to their end, without keeping more than a body may have."""

from __future__ import annotations

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request

from reconciler.emulator.responses import Problem, RefusedError

BROKEN = "emulator.broken"
"""Set in the environment of a request whose end could not be found, so that nothing can follow it."""

_PIECE = 1 << 16


def read_bytes(request: Request, largest: int) -> bytes:
    """Return a body of so many bytes at the most.

    Raises `RefusedError` with 413 for one that is too large, when all of it has arrived, and with 400 for one that
    ends before it should, or whose length or chunks make no sense.
    """
    try:
        return _read(request, largest)
    except (OSError, ClientDisconnected):
        request.environ[BROKEN] = True
        problem = Problem(code="invalid", title="Malformed body", detail="The body did not arrive whole")
        raise RefusedError(problem) from None


def _read(request: Request, largest: int) -> bytes:
    if not (request.environ.get("CONTENT_LENGTH") or "0").isdecimal():
        raise OSError("a length that is none")
    length = request.content_length
    if length is not None and length <= largest:
        return request.get_data(cache=False)
    size, kept = 0, bytearray()
    while piece := request.stream.read(_PIECE):
        size += len(piece)
        kept += piece if size <= largest else b""
    if size > largest:
        problem = Problem(code="invalid", title="Body is too large", detail=f"The body has more than {largest} bytes")
        raise RefusedError(problem, 413)
    return bytes(kept)
