"""Rules that hold whatever the weather, told from the log of requests of one run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

Request = dict[str, Any]

AMEND = "UpdateContactListByAudienceSegment"
FOUND_BY = {"CreateAudienceSegments": "SearchAudienceSegments", "CreateAudiences": "SearchAudiences"}
"""What has to be asked after a creation that got no answer, before anything of the kind is created again."""
NEVER_CARRIED_OUT = {401, 429}


def broken_rules(requests: Sequence[Request]) -> Iterator[str]:
    """What a run did that must not be."""
    yield from _created_blindly(requests)
    yield from _opposites_at_once(requests)
    yield from _repeated_though_refused(requests)


def _created_blindly(requests: Iterable[Request]) -> Iterator[str]:
    """A creation whose answer was lost may have happened: it has to be looked for first."""
    open_creations: set[str] = set()
    for each in requests:
        operation = each["operation"]
        if operation in open_creations:
            yield f"{operation} was repeated blindly"
        open_creations -= {creation for creation, search in FOUND_BY.items() if search == operation}
        if operation in FOUND_BY and _unanswered(each):
            open_creations.add(operation)


def _unanswered(request: Request) -> bool:
    """Whether the client got no answer that it can read, or one that leaves it open."""
    if request["fault"] in ("truncated", "wrong_json", "wrong_shape"):
        return True
    return request["status"] is None or request["status"] >= 500


def _opposites_at_once(requests: Iterable[Request]) -> Iterator[str]:
    """Additions to a list and removals from it are never under way together."""
    by_list: dict[str, list[Request]] = defaultdict(list)
    for each in requests:
        if each["operation"] == AMEND:
            by_list[each["path"]].append(each)
    for calls in by_list.values():
        for former, latter in pairwise(calls):
            opposite = former["contact_list_operation"] != latter["contact_list_operation"]
            if opposite and latter["arrived_order"] < former["answered_order"]:
                yield "two calls of opposite direction were under way on one list"


def _repeated_though_refused(requests: Sequence[Request]) -> Iterator[str]:
    """What Criteo has refused is not said again, but for an expired token and a full rate limit."""
    refused: set[tuple[object, ...]] = set()
    for each in requests:
        items = (*each["segment_ids"], None, *each["audience_ids"])
        call = (each["operation"], each["path"], each["contact_list_operation"], each["identifiers"], items)
        if call in refused and each["operation"] not in FOUND_BY.values():
            yield f"{each['operation']} was repeated though it was refused"
        status = each["status"]
        if status is not None and 400 <= status < 500 and status not in NEVER_CARRIED_OUT:
            refused.add(call)
