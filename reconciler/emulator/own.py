"""The emulator's own endpoints: what Criteo never tells, and the levers of a test.

No client code uses them; they need no token and count against no limit.

    GET    /emulator/segments                       id, name, type, count
    GET    /emulator/segments/ID/identifiers?type=  the members, sorted
    GET    /emulator/audiences                      id, name, algebra, adSetIds
    GET    /emulator/requests?after=                the newest 100,000 requests, counts only
    GET    /emulator/faults                         the faults in force, with how often each has hit
    GET    /emulator/faults/injected                how often each kind has hit since the start
    POST   /emulator/faults                         a list of faults, put behind those in force
    DELETE /emulator/faults                         no more faults
    GET    /emulator/clock                          {"now": …, "speed": …}
    POST   /emulator/clock                          {"now": ISO instant} or {"advance": seconds}, {"speed": factor}
    GET    /emulator/switches                       the position of every switch
    POST   /emulator/switches                       {"name": position, …}; the others stay
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

from reconciler.emulator.api import Api
from reconciler.emulator.bodies import read_json
from reconciler.emulator.clock import EARLIEST, FASTEST, LATEST, Clock, ClockSettings, iso, parse_iso
from reconciler.emulator.fault_fields import BadFaultError, read_rules
from reconciler.emulator.faults import Script
from reconciler.emulator.identifiers import READERS, show
from reconciler.emulator.raw_body import read_bytes
from reconciler.emulator.request_log import RequestLog
from reconciler.emulator.responses import Answer, RefusedError
from reconciler.emulator.switches import SwitchError

PREFIX = "/emulator/"

_MEMBERS = re.compile(r"/emulator/segments/([^/]+)/identifiers")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """What an endpoint is asked: the parameters of the query, and the body."""

    query: MultiDict[str, str]
    raw: bytes = field(repr=False)


class OwnEndpoints:
    """Answers below `/emulator/`."""

    def __init__(self, api: Api, script: Script, log: RequestLog) -> None:
        self._api = api
        self._store = api.store
        self._script = script
        self._log = log
        self._table: Mapping[tuple[str, str], Callable[[_Asked], Answer]] = {
            ("GET", "/emulator/segments"): self._segments,
            ("GET", "/emulator/audiences"): self._audiences,
            ("GET", "/emulator/requests"): self._requests,
            ("GET", "/emulator/faults"): self._faults,
            ("GET", "/emulator/faults/injected"): self._injected,
            ("POST", "/emulator/faults"): self._add_faults,
            ("DELETE", "/emulator/faults"): self._clear_faults,
            ("GET", "/emulator/clock"): self._clock,
            ("POST", "/emulator/clock"): self._set_clock,
            ("GET", "/emulator/switches"): self._switches,
            ("POST", "/emulator/switches"): self._set_switches,
        }

    def answer(self, request: Request) -> Answer:
        """Answer one request; a mistake in it is a 400 that says what is wrong.

        Its body is read to the end in any case, so that its connection can carry the next one.
        """
        try:
            asked = _Asked(query=request.args, raw=read_bytes(request, self._api.switches.largest_body))
            members = _MEMBERS.fullmatch(request.path)
            if members and request.method == "GET":
                return self._identifiers(members[1], request.args.get("type", "email"))
            handler = self._table.get((request.method, request.path))
            return handler(asked) if handler else _mistake("there is no such endpoint", 404)
        except RefusedError as refused:
            return _mistake(refused.problem.detail, refused.status)
        except (BadFaultError, SwitchError) as error:
            return _mistake(str(error))

    def _segments(self, _: _Asked) -> Answer:
        with self._store.lock:
            self._store.settle()
            world = self._store.world
            return Answer(
                body=[
                    {
                        "id": segment.id,
                        "name": segment.name,
                        "type": segment.type,
                        "count": held.count() if held else 0,
                    }
                    for segment in world.segments.values()
                    for held in [world.contact_lists.get(segment.id)]
                ]
            )

    def _identifiers(self, segment_id: str, identifier_type: str) -> Answer:
        if identifier_type not in READERS:
            return _mistake(f"type: one of {', '.join(READERS)}")
        with self._store.lock:
            self._store.settle()
            held = self._store.world.contact_lists.get(segment_id)
            keys = list(held.members().get(identifier_type, ())) if held else None
        if keys is None:
            return _mistake("there is no such contact list", 404)
        return Answer(body=sorted(show(identifier_type, key) for key in keys))

    def _audiences(self, _: _Asked) -> Answer:
        with self._store.lock:
            self._store.settle()
            world = self._store.world
            return Answer(
                body=[
                    {
                        "id": audience.id,
                        "name": audience.name,
                        "algebra": audience.algebra,
                        "adSetIds": world.ad_sets_of(audience.id),
                    }
                    for audience in world.audiences.values()
                ]
            )

    def _requests(self, asked: _Asked) -> Answer:
        return Answer(body=self._log.to_list(asked.query.get("after", 0, type=int)))

    def _faults(self, _: _Asked) -> Answer:
        return Answer(body=self._script.to_list())

    def _injected(self, _: _Asked) -> Answer:
        return Answer(body=self._script.injected())

    def _add_faults(self, asked: _Asked) -> Answer:
        self._script.add(read_rules(read_json(asked.raw)))
        return self._faults(asked)

    def _clear_faults(self, asked: _Asked) -> Answer:
        self._script.clear()
        return self._faults(asked)

    def _clock(self, _: _Asked) -> Answer:
        clock = self._store.clock
        return Answer(body={"now": iso(clock.now(), "microseconds"), "speed": clock.speed})

    def _set_clock(self, asked: _Asked) -> Answer:
        settings = _settings(self._store.clock, read_json(asked.raw))
        if settings is None:
            return _mistake(
                'clock: {"now": an ISO instant} or {"advance": seconds}, from 1970 to 3000, and {"speed": a factor}'
            )
        self._store.set_clock(settings)
        return self._clock(asked)

    def _switches(self, _: _Asked) -> Answer:
        return Answer(body=self._api.switches.to_dict())

    def _set_switches(self, asked: _Asked) -> Answer:
        given = read_json(asked.raw)
        if not isinstance(given, dict):
            return _mistake('switches: {"name": position, …}')
        with self._store.lock:
            self._api.switches = self._api.switches.changed(given)
        return self._switches(asked)


def _settings(clock: Clock, body: Any) -> ClockSettings | None:
    """Return the clock's new settings, or `None` when the body does not ask for any that make sense."""
    given = body if isinstance(body, dict) else {}
    speed, advance, now = given.get("speed", clock.speed), given.get("advance", 0.0), given.get("now")
    asks = bool(given) and given.keys() <= {"speed", "advance", "now"} and not {"advance", "now"} <= given.keys()
    if not (asks and _is_number(speed) and 0 < speed <= FASTEST and _is_number(advance)):
        return None
    try:
        instant = parse_iso(now) if isinstance(now, str) else clock.now() + advance
    except (ValueError, OverflowError):
        return None
    if not (isinstance(now, str | None) and EARLIEST <= instant <= LATEST):
        return None
    return clock.set_to(instant, speed)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _mistake(message: str, status: int = 400) -> Answer:
    return Answer(status=status, body={"error": message})
