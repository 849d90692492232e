"""Read the bytes of a body to their end, without keeping more than a body may have."""

from __future__ import annotations

from werkzeug.wrappers import Request

from reconciler.emulator.responses import Problem, RefusedError

LARGEST_BODY = 32 << 20
"""Bytes that a body may have; one of 50,000 of the longest identifiers has half of that. Criteo tells no limit."""

_PIECE = 1 << 16


def read_bytes(request: Request) -> bytes:
    """Return a body. Raises `RefusedError` with 413 for one that is too large, when all of it has arrived."""
    length = request.content_length
    if length is not None and length <= LARGEST_BODY:
        return request.get_data(cache=False)
    size, kept = 0, bytearray()
    while piece := request.stream.read(_PIECE):
        size += len(piece)
        kept += piece if size <= LARGEST_BODY else b""
    if size > LARGEST_BODY:
        problem = Problem(
            code="invalid", title="Body is too large", detail=f"The body has more than {LARGEST_BODY} bytes"
        )
        raise RefusedError(problem, 413)
    return bytes(kept)
