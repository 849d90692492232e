"""Contact lists: amend, empty and statistics (Criteo's audience API 2026-07)."""

from __future__ import annotations

from reconciler.emulator import sizes
from reconciler.emulator.bodies import Amendment
from reconciler.emulator.calls import Call
from reconciler.emulator.clock import iso
from reconciler.emulator.identifiers import show
from reconciler.emulator.members import ContactList
from reconciler.emulator.responses import Answer, Problem, RefusedError, invalid, success
from reconciler.emulator.segments import find
from reconciler.emulator.world import ADDED, REMOVED, Event

_EVENTS = {"add": ADDED, "remove": REMOVED}


def amend(call: Call) -> Answer:
    """Add identifiers to a list, or remove some; removing one that is not on it is no mistake.

    Malformed identifiers are counted and shown, and fail nothing.
    """
    segment_id, held = _contact_list(call)
    amendment: Amendment = call.body
    _check_count(call, amendment)
    absent = _absent(call, held, amendment)
    values = {"segment": segment_id, "type": amendment.identifier_type}
    call.commit(
        Event(
            name=_EVENTS[amendment.operation],
            at=call.now,
            values=values,
            keys=amendment.sifted.keys,
        )
    )
    attributes = {
        "contactListId": int(segment_id),
        "operation": amendment.operation,
        "requestDate": iso(call.now),
        "identifierType": amendment.identifier_type,
        "nbValidIdentifiers": _valid(call, amendment, amendment.sifted.valid - len(absent)),
        "nbInvalidIdentifiers": amendment.sifted.invalid + len(absent),
        "sampleInvalidIdentifiers": [*amendment.sifted.invalid_sample, *absent][: call.switches.invalid_sample],
    }
    return success({"type": "ContactlistAmendment", "attributes": attributes})


def empty(call: Call) -> Answer:
    """Take everybody off a list; the segment stays."""
    segment_id = _contact_list(call)[0]
    call.commit(Event(name="members emptied", at=call.now, values={"segment": segment_id}))
    return success({"id": segment_id, "type": "AudienceContactlist"})


def statistics(call: Call) -> Answer:
    """Count a list's identifiers and matches, as of the last processing run."""
    segment_id, held = _contact_list(call)
    count, matches = sizes.count(call, held), sizes.matches(call, held)
    attributes = {
        "numberOfIdentifiers": sizes.shown(call, count),
        "numberOfMatches": sizes.shown(call, matches),
        "matchRate": round(100 * matches / count, 2) if count else 0.0,
    }
    return success({"id": segment_id, "type": "ContactListStatistics", "attributes": attributes})


def _contact_list(call: Call) -> tuple[str, ContactList]:
    """Return the list that the path names.

    Raises `RefusedError` with `audience-invalid`: 404 or 403 for a segment that is not there, 403 for one
    that is no contact list; Criteo once documented this code for both statuses.
    """
    segment_id = call.arguments["segment"]
    try:
        find(call, segment_id)
    except RefusedError as refused:
        raise _audience_invalid(refused.problem.detail, call.switches.unknown_list) from None
    held = call.world.contact_lists.get(segment_id)
    if held is None:
        raise _audience_invalid(f"Segment {segment_id} is not a contact list", 403)
    return segment_id, held


def _audience_invalid(detail: str, status: int) -> RefusedError:
    problem = Problem(code="audience-invalid", title="Audience is invalid", detail=detail)
    return RefusedError(problem, status)


def _valid(call: Call, amendment: Amendment, taken: int) -> int:
    """Return how many of the identifiers that were taken the answer calls valid."""
    if call.switches.valid_counts == "well_formed":
        return taken
    return int(taken * sizes.rate(call, call.arguments["segment"], amendment.identifier_type))


def _absent(call: Call, held: ContactList, amendment: Amendment) -> list[str]:
    """Return what is to be removed and is not there, where the switches say that this counts as invalid."""
    if amendment.operation == "add" or call.switches.remove_absent == "valid":
        return []
    members = held.members().get(amendment.identifier_type, set())
    return [show(amendment.identifier_type, key) for key in amendment.sifted.keys if key not in members]


def _check_count(call: Call, amendment: Amendment) -> None:
    if amendment.identifier_type == "phoneNumber" and call.switches.phone_numbers == "india":
        raise invalid("Identifier type is invalid", "The advertiser is not one of those that may send phone numbers")
    if amendment.count > call.switches.most_identifiers:
        detail = f"{amendment.count} identifiers were sent; at most {call.switches.most_identifiers} are taken"
        problem = Problem(code="invalid", title="Too many identifiers", detail=detail)
        raise RefusedError(problem, call.switches.too_many_identifiers)
    if call.switches.all_invalid == 400 and amendment.count and not amendment.sifted.valid:
        raise invalid("Identifiers are invalid", "No identifier is well-formed")
