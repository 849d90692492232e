"""Serve the emulator on a socket, from a thread of this process."""

from __future__ import annotations

import socket
from contextlib import suppress
from email.utils import formatdate
from threading import Condition, Thread
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from reconciler.emulator.app import Emulator

BACKLOG = 128
CLOSING_SECONDS = 5.0


class EmulatorServer:
    """A running server; `port` is the port it listens on.

    Closing it ends its connections, then closes the emulator.
    """

    def __init__(self, app: Emulator, host: str, port: int) -> None:
        self._app = app
        with socket.create_server((host, port), backlog=BACKLOG) as listener:
            self._server = _Server(host, port, app, _Handler, fd=listener.fileno())
        self.host = host
        self.port: int = self._server.port
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address that clients are given in place of Criteo's."""
        return f"http://{self.host}:{self.port}"

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the server is closed, or for `timeout` seconds."""
        self._thread.join(timeout)

    def close(self) -> None:
        """Stop serving; calling it twice does no harm."""
        self._server.shutdown()
        self._app.stop_waiting()
        self._server.drop_connections()
        self._thread.join()
        self._app.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def serve(app: Emulator, host: str = "127.0.0.1", port: int = 0) -> EmulatorServer:
    """Start serving `app`; port 0 takes any free port.

    Raises `OSError` when the port is taken.
    """
    return EmulatorServer(app, host, port)


class _Server(ThreadedWSGIServer):
    """Werkzeug's threaded server, which also knows its open connections."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._open: set[socket.socket] = set()
        self._changed = Condition()
        super().__init__(*arguments, **options)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._open.discard(request)
            self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: a traceback may quote what was sent."""

    def drop_connections(self) -> None:
        """End the open connections and wait until their threads have let go of them."""
        with self._changed:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._changed.wait_for(lambda: not self._open, CLOSING_SECONDS)


class _Handler(WSGIRequestHandler):
    """One connection, kept open from request to request.

    Werkzeug's own handler closes after each answer, because an application may leave a part of the
    body unread. The emulator reads every body to its end, so the connection can go on.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle_expect_100(self) -> bool:
        """Tell a client that waits for it to send its body, at once."""
        go_on = super().handle_expect_100()
        self.wfile.flush()
        return go_on

    def run_wsgi(self) -> None:
        self.environ = self.make_environ()
        try:
            for part in self.server.app(self.environ, self._start_response):
                self.wfile.write(part)
                self.wfile.flush()
        except ConnectionError:
            self.close_connection = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the `Date` of answers to what is no request: by the clock of all others."""
        app: Any = self.server.app
        return formatdate(app.now() if timestamp is None else timestamp, usegmt=True)

    def finish(self) -> None:
        """Let go of the connection, also when what was left to send can't be sent any more."""
        with suppress(OSError):
            super().finish()
        self.rfile.close()

    def _start_response(self, status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        code, phrase = status.split(" ", 1)
        self.send_response_only(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        return self.wfile.write

    def log(self, *_: Any) -> None:
        """Print nothing: the emulator keeps its own log of requests, without what was sent."""
