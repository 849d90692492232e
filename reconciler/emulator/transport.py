"""Reach an emulator from httpx without a socket."""

from __future__ import annotations

import httpx

from reconciler.emulator.wire import ConnectionClosedError


class EmulatorTransport(httpx.WSGITransport):
    """httpx's WSGI transport, to which a connection closed on purpose looks as it does on a socket."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises `httpx.RemoteProtocolError` when the emulator closes before or in the middle of the
        answer.
        """
        try:
            response = super().handle_request(request)
            response.read()
        except ConnectionClosedError as closed:
            raise httpx.RemoteProtocolError(f"Server disconnected: {closed}") from closed
        return response
