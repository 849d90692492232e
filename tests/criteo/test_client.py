from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from reconciler.emulator import Switches
from reconciler.errors import CriteoError, NotAuthorised, Refused
from reconciler.model.address import Address
from reconciler.model.identifiers import BATCH, Identifiers
from reconciler.model.mark import Mark, with_mark
from reconciler.model.remote import (
    Amended,
    AudienceDraft,
    RemoteAdSet,
    RemoteAudience,
    RemoteSegment,
    SegmentDraft,
    Targeting,
)
from reconciler.model.settings import Criteo
from tests.contract.layer import on_purpose
from tests.criteo.pretend import Pretend, Scripted, always, in_hex, new_client, people, problem, sent


def lists(*names: str) -> list[SegmentDraft]:
    return [SegmentDraft(name=name, description=None) for name in names]


def some_ids(results: tuple[str | CriteoError, ...]) -> list[str]:
    """The ids of a bulk call of which everything worked."""
    assert [result for result in results if not isinstance(result, str)] == []
    return [result for result in results if isinstance(result, str)]


def targeting(*include: str, exclude: tuple[str, ...] = ()) -> Targeting:
    return Targeting(include=frozenset(include), exclude=frozenset(exclude))


@pytest.mark.switches(left_out="unchanged", valid_counts="well_formed", all_invalid=200)
def test_a_list_from_its_creation_to_its_end(pretend: Pretend) -> None:
    """A list is created with its mark, renamed, filled, thinned out, emptied and deleted."""
    client = pretend.connect()
    mark = with_mark("Who bought", Mark("acme", Address("segment.vip")))
    (vip,) = some_ids(client.create_segments([SegmentDraft(name="VIP", description=mark)]))
    assert client.segments() == (RemoteSegment(id=vip, name="VIP", description=mark, type="ContactList"),)
    assert client.update_segments([SegmentDraft(id=vip, name="VIP 2027", description=None)]) == (None,)
    assert client.segments() == (RemoteSegment(id=vip, name="VIP 2027", description=mark, type="ContactList"),)
    assert client.update_segments([SegmentDraft(id=vip, name=None, description="other words")]) == (None,)
    assert [segment.description for segment in client.segments()] == ["other words"]
    assert client.amend_list(vip, "add", people(1, 2, 3)) == Amended(valid=3, invalid=0)
    assert client.amend_list(vip, "remove", people(2)) == Amended(valid=1, invalid=0)
    assert pretend.members(vip) == in_hex(people(1, 3))
    assert client.amend_list(vip, "add", Identifiers((b"no address",))) == Amended(valid=0, invalid=1)
    client.clear_list(vip)
    assert pretend.members(vip) == []
    assert client.delete_segments([vip]) == (None,)
    assert client.segments() == ()


@pytest.mark.switches(item_codes="not-found", left_out="unchanged", delete_in_use="reject")
def test_an_audience_from_its_creation_to_its_end(pretend: Pretend) -> None:
    """An audience is created, aimed elsewhere, linked, unlinked and deleted."""
    client = pretend.connect()
    one, two, three = some_ids(client.create_segments(lists("1", "2", "3")))
    drafts = [AudienceDraft(name="A", description="words", targeting=targeting(one, two, exclude=(three,)))]
    (made,) = some_ids(client.create_audiences(drafts))
    before = RemoteAudience(id=made, name="A", description="words", targeting=drafts[0].targeting, ad_sets=frozenset())
    assert client.audiences() == (before,)
    client.link("700123", made)
    client.link("700124", made)
    assert [audience.ad_sets for audience in client.audiences()] == [frozenset({"700123", "700124"})]
    client.link("700123", None)
    changed = AudienceDraft(id=made, name=None, description=None, targeting=targeting(one))
    assert client.update_audiences([changed]) == (None,)
    (after,) = client.audiences()
    assert (after.targeting, after.ad_sets, after.description) == (targeting(one), frozenset({"700124"}), "words")
    (refused,) = client.delete_audiences([made])
    assert isinstance(refused, Refused)
    assert refused.code == "audience-in-use"
    client.link("700124", None)
    assert client.delete_audiences([made]) == (None,)


@pytest.mark.switches(delete_in_use="reject")
def test_deleting_what_is_gone_is_done(pretend: Pretend) -> None:
    """Something that is no longer there counts as deleted; one that is in use does not, in the same call."""
    client = pretend.connect()
    used, free = some_ids(client.create_segments(lists("used", "free")))
    client.create_audiences([AudienceDraft(name="A", description=None, targeting=targeting(used))])
    gone, deleted, refused = client.delete_segments(["77777", free, used])
    assert (gone, deleted) == (None, None)
    assert isinstance(refused, Refused)
    assert [segment.id for segment in client.segments()] == [used]


def test_ad_sets_that_exist(pretend: Pretend) -> None:
    """Of the ad sets that are asked for, those that exist are told, and no call is made for none."""
    client = pretend.connect()
    assert client.ad_sets([]) == ()
    assert client.ad_sets(["700124", "1", "700123"]) == (
        RemoteAdSet(id="700123", name="Ad set 700123"),
        RemoteAdSet(id="700124", name="Ad set 700124"),
    )
    assert pretend.statuses("SearchAdSets") == [200]


def test_only_the_ad_sets_that_were_asked_for() -> None:
    """A server that ignores the filter does not make other ad sets known."""
    data = [{"id": "7", "attributes": {"name": "AS 7"}}, {"id": "8", "attributes": {"name": "AS 8"}}]
    assert Scripted(always(200, {"data": data})).connect().ad_sets({"7"}) == (RemoteAdSet(id="7", name="AS 7"),)


@pytest.mark.switches(bulk_cap=0, bulk_answers="full", search_order="id")
def test_bulk_calls_are_bulked_and_listings_paged(pretend: Pretend) -> None:
    """250 lists take three calls to create and three pages to read, in order and of this advertiser."""
    client = pretend.connect()
    made = some_ids(client.create_segments(lists(*(f"List {number}" for number in range(250)))))
    assert [segment.id for segment in client.segments()] == made
    assert [segment.name for segment in client.segments()] == [f"List {number}" for number in range(250)]
    assert len(pretend.requests("CreateAudienceSegments")) == 3
    assert len(pretend.requests("SearchAudienceSegments")) == 6
    assert client.delete_segments(made) == (None,) * 250
    assert len(pretend.requests("DeleteAudienceSegments")) == 3
    assert client.create_segments([]) == ()
    assert len(pretend.requests("CreateAudienceSegments")) == 3


def test_only_our_advertiser(make_pretend: Callable[..., Pretend]) -> None:
    """Another advertiser's segments are not listed."""
    pretend = make_pretend(advertisers=("42", "43"))
    other = new_client(pretend.transport)
    other._advertiser = "43"
    assert other.create_segments(lists("theirs"))
    assert pretend.connect().segments() == ()


def test_another_advertiser_gave_no_consent(make_pretend: Callable[..., Pretend]) -> None:
    """Without the advertiser's consent the error is NotAuthorised, and says what to check."""
    client = make_pretend(advertisers=("43",)).connect()
    (result,) = client.create_segments(lists("VIP"))
    assert isinstance(result, NotAuthorised)
    assert "insufficient-advertiser-permission" in result.detail
    assert "consent" in result.hint


@pytest.mark.switches(most_identifiers=50_000, largest_body=32 << 20, valid_counts="well_formed")
def test_a_full_batch_in_one_call(pretend: Pretend) -> None:
    """Fifty thousand identifiers go in one call; one more is refused by Criteo, and both halves go then."""
    client = pretend.connect()
    (made,) = some_ids(client.create_segments(lists("VIP")))
    batch = people(*range(BATCH))
    assert client.amend_list(made, "add", batch) == Amended(valid=BATCH, invalid=0)
    with on_purpose():
        client.amend_list(made, "add", Identifiers((*batch.digests, people(BATCH).digests[0])))
    assert len(pretend.members(made)) == BATCH + 1


def test_many_threads_on_one_client(pretend: Pretend) -> None:
    """Batches of one list sent from several threads all arrive."""
    client = pretend.connect()
    (made,) = some_ids(client.create_segments(lists("VIP")))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: client.amend_list(made, "add", people(number)), range(64)))
    assert pretend.members(made) == in_hex(people(*range(64)))


def test_updates_wrap_what_is_nullable() -> None:
    """In an update the description is wrapped and the rest is plain; on a create all is plain; None is left out."""
    server = Scripted(always(400, {}))
    client = server.connect()
    client.create_segments([SegmentDraft(name="VIP", description="words")])
    client.update_segments([SegmentDraft(id="501", name=None, description="words")])
    client.update_audiences([AudienceDraft(id="900", name="A", description=None, targeting=targeting("501"))])
    create, segment, audience = (sent(request)["data"][0] for request in server.requests)
    assert create["attributes"] == {"advertiserId": "42", "name": "VIP", "description": "words", "contactList": {}}
    assert segment == {"id": "501", "type": "AudienceSegment", "attributes": {"description": {"value": "words"}}}
    assert audience["attributes"] == {"name": "A", "algebra": {"audienceSegmentId": "501"}}


def test_the_version_is_in_every_path(make_pretend: Callable[..., Pretend]) -> None:
    """Calls go to the version of the settings; one that has ended is an error that names the setting."""
    assert make_pretend().connect(Criteo(api_version="2027-01", calls_per_minute=0)).segments() == ()
    dead = make_pretend(switches=Switches(other_versions="gone"))
    with pytest.raises(NotAuthorised) as caught:
        dead.connect(Criteo(api_version="2024-07", calls_per_minute=0)).segments()
    assert "HTTP 410" in caught.value.detail
    assert "api_version" in caught.value.hint


@pytest.mark.switches(unknown_list=404)
def test_a_list_that_does_not_exist(pretend: Pretend) -> None:
    """Amending a list that is not there is refused, and had no effect."""
    with pytest.raises(Refused, match="HTTP 404"):
        pretend.connect().amend_list("999", "add", people(1))


def test_a_page_shifts_while_we_turn_it() -> None:
    """A listing in which an item slipped through, because somebody deleted another meanwhile, is read again."""
    segments = [{"id": str(number), "attributes": {"name": f"List {number}"}} for number in range(150)]
    reads: list[int] = []

    def page(offset: int) -> dict[str, object]:
        reads.append(offset)
        if len(reads) == 2:
            del segments[0]
        return {"data": segments[offset : offset + 100], "meta": {"totalItems": len(segments)}}

    server = Scripted(lambda request: always(200, page(int(request.url.params["offset"])))(request))
    found = server.connect().segments()
    assert [segment.id for segment in found] == [str(number) for number in range(1, 150)]
    assert reads == [0, 100, 0, 100]


def test_a_total_that_counts_more_than_we_see() -> None:
    """Two readings that agree are believed, whatever the total says."""
    body = {"data": [{"id": "1", "attributes": {"name": "one"}}], "meta": {"totalItems": 7}}
    empty = {"data": [], "meta": {"totalItems": 7}}
    server = Scripted(lambda request: always(200, empty if request.url.params["offset"] != "0" else body)(request))
    assert [segment.id for segment in server.connect().segments()] == ["1"]
    assert len(server.requests) == 4


@pytest.mark.parametrize("meta", [None, {}, {"totalItems": None}, {"totalItems": "1"}])
def test_a_listing_whose_pages_are_all_the_same(meta: object) -> None:
    """Whoever tells no number and passes over the offset is read to the end of what is new, not for ever."""
    segment = {"id": "501", "attributes": {"name": "VIP"}}
    server = Scripted(always(200, {"data": [segment], "meta": meta}))
    assert [each.id for each in server.connect().segments()] == ["501"]
    assert len([request for request in server.requests if request.url.path.endswith("/search")]) == 2


def test_a_listing_that_never_settles() -> None:
    """A listing that is another one at every reading is an error, not a guess."""
    reads: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        reads.append(int(request.url.params["offset"]))
        data = [{"id": str(len(reads)), "attributes": {}}] if reads[-1] == 0 else []
        return httpx.Response(200, json={"data": data, "meta": {"totalItems": 2}})

    with pytest.raises(CriteoError, match="keeps changing"):
        Scripted(answer).connect().segments()
    assert reads == [0, 1] * 4


def test_what_we_do_not_know_is_tolerated() -> None:
    """Unknown attributes, types, enum values and algebras are no error, and null is not a crash."""
    segments = [
        {"id": 7, "type": "New", "attributes": {"name": "seven", "type": "FilterBased", "filterBased": {"x": [1]}}},
        {"id": "8", "attributes": {"name": None, "description": None, "type": None}},
    ]
    body = {"data": segments, "errors": None, "warnings": [{"code": "deprecated-field", "type": "new"}, None, 3]}
    server = Scripted(lambda request: always(200, body if request.url.params["offset"] == "0" else {})(request))
    assert server.connect().segments() == (
        RemoteSegment(id="7", name="seven", description=None, type="FilterBased"),
        RemoteSegment(id="8", name="", description=None, type="Unknown"),
    )
    audience = {"id": "900", "attributes": {"name": "A", "algebra": {"xor": []}, "adSetIds": None}}
    server = Scripted(always(200, {"data": [audience], "meta": {"totalItems": 1}}))
    assert server.connect().audiences() == (
        RemoteAudience(id="900", name="A", description=None, targeting=None, ad_sets=frozenset()),
    )


def test_a_search_that_is_refused_in_the_envelope() -> None:
    """A 200 without data but with an error is an error, not an empty listing."""
    server = Scripted(always(200, {"data": None, "errors": [problem("internal-failure")]}))
    with pytest.raises(Refused, match="internal-failure"):
        server.connect().segments()
