"""The emulator as a WSGI application: Criteo's operations, the faults in front of them, the log."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Event
from traceback import extract_tb
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from reconciler.emulator import own
from reconciler.emulator.api import Api
from reconciler.emulator.bodies import Amendment
from reconciler.emulator.faults import CHANGES, Mishap, Script
from reconciler.emulator.incoming import Incoming, receive
from reconciler.emulator.partial import failing, without_some
from reconciler.emulator.request_log import Entry, RequestLog
from reconciler.emulator.responses import Answer, Problem, RefusedError, failure
from reconciler.emulator.routes import TOKEN_PATH, family
from reconciler.emulator.shapes import turned_away
from reconciler.emulator.store import Commit
from reconciler.emulator.wire import mishap_answer, send

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Emulator:
    """A pretend Criteo, made by `create_app`.

    It may be called from several threads. Close it when done, so that a world on disk is let go of.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self._script = Script()
        self._log = RequestLog()
        self._own = own.OwnEndpoints(api, self._script, self._log)
        self._closing = Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request.

        Raises `ConnectionClosedError` where a fault wants the client to see no answer.
        """
        request = Request(environ)
        reply: object = None
        if request.path.startswith(own.PREFIX):
            answer = self._own_answer(request)
        else:
            answer, reply = self._exchange(request)
        environ["emulator.reply"] = reply  # for who wraps the application
        return send(environ, start_response, answer, self.now(), reply)

    def now(self) -> float:
        """Return the present instant of its clock."""
        return self._api.store.clock.now()

    def stop_waiting(self) -> None:
        """End every wait of a slow answer, now and from now on."""
        self._closing.set()

    def close(self) -> None:
        """End every wait and let go of the world; calling it twice does no harm."""
        self.stop_waiting()
        self._api.store.close()

    def _own_answer(self, request: Request) -> Answer:
        try:
            return self._own.answer(request)
        except Exception as error:  # noqa: BLE001 - a mistake of the emulator is an answer too
            return Answer(status=500, body={"error": f"The emulator failed: {_place(error)}"})

    def _exchange(self, request: Request) -> tuple[Answer, object]:
        """Answer a request of a client of Criteo's, and keep it in the log."""
        entry = self._log.arrived(request.method, request.path)
        try:
            answer, reply = self._answer(request, entry)
        except Exception as error:  # noqa: BLE001 - a mistake of the emulator is an answer too
            entry.failure = _place(error)
            detail = f"The emulator failed: {entry.failure}"
            problem = Problem(code="internal-error", title="Internal error", detail=detail, type="availability")
            answer, reply = failure(RefusedError(problem, 500), request.path, family(entry.method, entry.path)), None
        answer = turned_away(answer, self._api.switches, self.now(), to_token=entry.path == TOKEN_PATH)
        self._log.answered(entry, None if reply == "close" else answer.status)
        return answer, reply

    def _answer(self, request: Request, entry: Entry) -> tuple[Answer, object]:
        incoming = receive(request, self._api.switches)
        mishap = self._script.pick(incoming.method, incoming.path, incoming.operation)
        _describe(entry, incoming, mishap)
        if mishap is None:
            return self._api.perform(incoming, entry.touched), None
        return self._misbehave(incoming, entry, mishap), mishap.reply

    def _misbehave(self, incoming: Incoming, entry: Entry, mishap: Mishap) -> Answer:
        """Carry out a request as far as its mishap lets it be carried out."""
        if mishap.kind == "slow":
            self._closing.wait(mishap.seconds)
        if mishap.kind == "token_dead":
            self._api.tokens.expire(incoming.authorization)
        answer = None if mishap.effect == "none" else self._perform(incoming, entry, mishap)
        if answer is not None and not isinstance(mishap.reply, int):
            return answer
        return mishap_answer(mishap, self.now(), self._api.rate_limit.limit, incoming)

    def _perform(self, incoming: Incoming, entry: Entry, mishap: Mishap) -> Answer:
        shape, commit = mishap.failed_items, self._commit(incoming, mishap)
        answer = self._api.perform(incoming, entry.touched, commit=commit, failed_items=shape)
        if mishap.effect == "some" and incoming.operation not in CHANGES:
            return without_some(answer, incoming, mishap, shape or self._api.switches.failed_items)
        return answer

    def _commit(self, incoming: Incoming, mishap: Mishap) -> Commit:
        """Return the way in which a mishap lets changes happen."""
        store = self._api.store
        if mishap.effect == "later":
            return store.commit_after(mishap.seconds)
        if mishap.effect == "some":
            return failing(store.commit, incoming, mishap)
        return store.commit_at_run() if mishap.effect == "at_run" else store.commit


def _place(error: Exception) -> str:
    """Say where the emulator failed, without the text of the error: it may quote what was sent."""
    place = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(place.filename).name}:{place.lineno}"


def _describe(entry: Entry, incoming: Incoming, mishap: Mishap | None) -> None:
    """Note what a request is about: counts and ids, nothing of its body."""
    entry.operation = incoming.operation
    entry.fault = mishap.kind if mishap else None
    if "segment" in incoming.arguments:
        entry.touched.segments.add(incoming.arguments["segment"])
    if "ad_set" in incoming.arguments:
        entry.touched.ad_sets.add(incoming.arguments["ad_set"])
    if isinstance(incoming.body, Amendment):
        entry.contact_list_operation = incoming.body.operation
        entry.identifiers = incoming.body.count
        entry.invalid_identifiers = incoming.body.sifted.invalid
