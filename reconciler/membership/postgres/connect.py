"""Connections to Postgres: all of one kind, with the settings that our SQL relies on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from reconciler.errors import SourceInvalid
from reconciler.membership.postgres.failures import Connection, cancel, refused, translated
from reconciler.model.settings import Secret

OLDEST = 150000
LEAST_MEMORY = 64

_SETTINGS = {
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "client_encoding": "UTF8",
    "bytea_output": "hex",
    "standard_conforming_strings": "on",
    "extra_float_digits": "1",
    "client_min_messages": "error",
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
}


class Server:
    """Opens connections. `path` is the schema in which plain names are looked for first; streams run on up to `MOST`
    connections of their own, which are kept for the next.
    """

    MOST = 8

    def __init__(self, url: Secret | None, path: str) -> None:
        self._url = url
        self._path = path
        self._room = threading.BoundedSemaphore(self.MOST)
        self._guard = threading.Lock()
        self._free: list[Connection] = []
        self._all: list[Connection] = []

    def connect(self) -> Connection:
        """A connection with our settings. Raises SourceInvalid when the server can't be reached or is not usable."""
        try:
            connection = psycopg.connect(
                self._url.reveal() if self._url else "",
                autocommit=True,
                application_name="reconciler",
                connect_timeout=15,
                prepare_threshold=None,
            )
        except psycopg.Error as error:
            raise refused(error) from None
        try:
            _check(connection)
            self._prepare(connection)
        except psycopg.Error as error:
            connection.close()
            raise translated(error) from None
        except BaseException:
            connection.close()
            raise
        with self._guard:
            self._all.append(connection)
        return connection

    def _prepare(self, connection: Connection) -> None:
        for name, value in _SETTINGS.items():
            connection.execute("select set_config(%s, %s, false)", (name, value))
        connection.execute(
            "select set_config('work_mem', %s, false) where pg_size_bytes(current_setting('work_mem')) < %s",
            (f"{LEAST_MEMORY}MB", LEAST_MEMORY << 20),
        )
        connection.execute(
            "select set_config('search_path', quote_ident(%s) || ', ' || current_setting('search_path'), false)",
            (self._path,),
        )

    @contextmanager
    def spare(self) -> Iterator[Connection]:
        """A connection for one stream; one that failed is not used again."""
        with self._room:
            connection = self._borrowed()
            try:
                yield connection
            finally:
                self._given_back(connection)

    def _borrowed(self) -> Connection:
        with self._guard:
            if self._free:
                return self._free.pop()
        return self.connect()

    def _given_back(self, connection: Connection) -> None:
        if connection.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
            connection.close()
            return
        with self._guard:
            self._free.append(connection)

    def close(self, but: Connection | None = None) -> None:
        """Stop whatever runs and close every connection, or all but one."""
        with self._guard:
            everything = [connection for connection in self._all if connection is not but]
            self._all = [connection for connection in self._all if connection is but]
            self._free.clear()
        for connection in everything:
            with suppress(psycopg.Error):  # the server is gone, and with it whatever ran
                cancel(connection)
            connection.close()


def _check(connection: Connection) -> None:
    if connection.info.server_version < OLDEST:
        raise SourceInvalid(
            "This Postgres is too old.",
            f"The server is version {connection.info.server_version // 10000}.",
            "Use version 15 or newer. Nothing was changed.",
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise SourceInvalid(
            "This database is not in UTF-8.",
            f"Its encoding is {encoding}, in which one text can have several hashes.",
            "Use a database with `ENCODING 'UTF8'`. Nothing was changed.",
        )
