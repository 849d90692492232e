"""The same act by the official SDK and by our client: what each puts on the wire, compared field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.emulator import EmulatorTransport, Switches, create_app
from reconciler.model.remote import AudienceDraft, SegmentDraft, Targeting
from tests.contract.document import TOKEN, document, find
from tests.criteo.pretend import UNLIMITED, new_client
from tests.sdk.acts import ACTS as PLAIN_ACTS
from tests.sdk.acts import Act
from tests.sdk.conftest import Meeting
from tests.sdk.kind_acts import ACTS_OF_KINDS
from tests.sdk.official import World, made_world
from tests.sdk.recording import Recording, Wire

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:criteo_api_marketingsolutions_v2027_01")

ACTS = {**PLAIN_ACTS, **ACTS_OF_KINDS}

ALWAYS_DIFFERS = {"User-Agent": ("OpenAPI-Generator", "reconciler")}
"""Each says who it is. All else is the same, even a Content-Type where there is no content."""


def places(value: Any, place: str = "body") -> dict[str, Any]:
    """Every leaf of a JSON value by its place; empty objects and lists are leaves too."""
    if isinstance(value, dict) and value:
        return {key: each for name in value for key, each in places(value[name], f"{place}.{name}").items()}
    if isinstance(value, list) and value:
        return {key: each for at, item in enumerate(value) for key, each in places(item, f"{place}[{at}]").items()}
    return {place: value}


def fields(sent: Wire) -> dict[str, Any]:
    """Everything that a request says, each thing by its place."""
    query = {f"?{name}": text for name, text in sent.query.items()}
    return {"method": sent.method, "path": sent.path, **query, **sent.headers, **places(sent.body)}


def differences(theirs: Wire, ours: Wire) -> dict[str, tuple[object, object]]:
    """What is not the same: place → (the SDK's, ours)."""
    one, other = fields(theirs), fields(ours)
    found = {place for place in one.keys() | other.keys() if one.get(place) != other.get(place)}
    return {place: (one.get(place), other.get(place)) for place in found}


def what_we_send(act: Act) -> tuple[list[Wire], Recording]:
    """What our client sends in a world like the SDK's."""
    wire = Recording(create_app(rate_limit=0, switches=Switches()))
    settings = replace(UNLIMITED, api_version="2027-01")
    transport = EmulatorTransport(wire)
    with new_client(transport, settings) as client:
        segment = client.create_segments([SegmentDraft(name="List", description=None)])[0]
        market = client.create_segments([SegmentDraft(name="Market", description=None)])[0]
        targeting = Targeting(include=frozenset({str(segment)}))
        audience = client.create_audiences([AudienceDraft(name="Audience", description=None, targeting=targeting)])[0]
        before = len(wire.requests)
        act.ours(client, World(segment=str(segment), in_market=str(market), audience=str(audience)))
    wire.close()
    return wire.requests[before:], wire


@pytest.mark.parametrize("name", ACTS)
def test_the_same_act(meeting: Meeting, name: str) -> None:
    """Method, path, query, headers and every field of the body are the same."""
    act = ACTS[name]
    world = made_world(meeting.official)
    before = len(meeting.wire.requests)
    act.official(meeting.official, world)

    (theirs,) = meeting.wire.requests[before:]
    (ours,) = what_we_send(act)[0]

    assert differences(theirs, ours) == ALWAYS_DIFFERS


def test_another_act_differs(meeting: Meeting) -> None:
    """The comparison would notice another method, path, query or field."""
    world = made_world(meeting.official)
    before = len(meeting.wire.requests)
    ACTS["rename a segment"].official(meeting.official, world)
    (theirs,) = meeting.wire.requests[before:]

    assert differences(theirs, what_we_send(ACTS["describe a segment"])[0][0]) == {
        **ALWAYS_DIFFERS,
        "body.data[0].attributes.name": ("New", None),
        "body.data[0].attributes.description.value": (None, "new"),
    }
    assert {"method", "path", "?limit"} <= differences(
        theirs, what_we_send(ACTS["search segments"])[0][0]
    ).keys() | differences(theirs, what_we_send(ACTS["empty a list"])[0][0]).keys()


def test_the_same_token_request(meeting: Meeting) -> None:
    """Both ask for tokens with the same form."""
    meeting.official.advertisers.list_advertisers()
    ours = what_we_send(ACTS["read the portfolio"])[1].tokens[0]
    (theirs,) = meeting.wire.tokens

    form = dict(ours.body)
    assert differences(replace(theirs, body=None), replace(ours, body=None)) == ALWAYS_DIFFERS
    assert form.keys() == dict(theirs.body).keys()
    assert form["grant_type"] == dict(theirs.body)["grant_type"] == "client_credentials"


def test_nothing_that_we_do_is_left_out() -> None:
    """Every operation that our client can call is compared with the SDK's call of it."""
    sent = [wire for act in ACTS.values() for wire in what_we_send(act)[0]]
    called = [find(wire.method, f"/2027-01{wire.path}") for wire in sent]
    compared = {each.name for each in called if each}
    ours = _operations_of_ours()

    assert compared | {TOKEN} == ours
    assert ours <= {each["id"] for each in document()["endpoints"]}


def _operations_of_ours() -> set[str]:
    """Criteo's names of the operations on our client's own list."""
    from reconciler.criteo import endpoints

    own = [each for each in vars(endpoints).values() if isinstance(each, endpoints.Endpoint)]
    paths = {each: each.template.format(version="2027-01", segment="1", ad_set="1", campaign="1") for each in own}
    found = {each: find(each.method, path) for each, path in paths.items()}
    assert None not in found.values()
    return {each.name for each in found.values() if each}
