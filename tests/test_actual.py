"""What is ours at Criteo, read from the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.actual import refresh
from reconciler.criteo.client import CriteoClient
from reconciler.desired import Desired, DesiredAudience, DesiredList, DesiredSegment
from reconciler.errors import Blocked, NotAuthorised, StateError
from reconciler.model.address import Address
from reconciler.model.conditions import Everyone
from reconciler.model.definition import Definition, Who
from reconciler.model.mark import Mark, with_mark
from reconciler.model.remote import AudienceDraft, RemoteAdSet, SegmentDraft, Targeting
from reconciler.model.settings import Customers, IdentifierColumn, Place, Settings, Source, Table
from reconciler.state.snapshot import AudienceRecord, Doubt, ListRecord, Snapshot
from tests.criteo.pretend import Pretend
from tests.switches.positions import usual

HERE = Place(file="a.yaml", line=1, column=1, path="")
VIP, SPARE, AIM = Address("segment.vip"), Address("segment.spare"), Address("audience.aim")
EMPTY = Snapshot(workspace="acme", lineage="one")


@pytest.fixture
def client() -> Iterator[CriteoClient]:
    """A client of a new emulator."""
    pretend = Pretend({"switches": usual(filter_based="off", behavioral="off")})
    yield pretend.connect()
    pretend.app.close()


def make_list(client: CriteoClient, name: str, description: str | None = None) -> str:
    (made,) = client.create_segments([SegmentDraft(name=name, description=description)])
    assert isinstance(made, str)
    return made


def make_audience(client: CriteoClient, name: str, segment: str, description: str | None = None) -> str:
    targeting = Targeting(include=frozenset({segment}))
    (made,) = client.create_audiences([AudienceDraft(name=name, description=description, targeting=targeting)])
    assert isinstance(made, str)
    return made


def marked(address: Address, workspace: str = "acme") -> str:
    return with_mark("words", Mark(workspace, address))


def desired(*lists: str, audiences: tuple[str, ...] = (), ad_sets: tuple[str, ...] = ()) -> Desired:
    """A workspace `acme` that wants lists and audiences of these names."""
    table = Table(name="customers.csv", place=HERE)
    source = Source(
        customers=Customers(table=table, key="id", identifiers=(IdentifierColumn(type="email", column="email"),))
    )
    return Desired(
        settings=Settings(root=Path(), workspace="acme", advertiser="42", source=source, state=Path(".reconciler")),
        segments=tuple(
            DesiredSegment(
                key=name,
                place=HERE,
                definition=Definition(Who(Everyone())),
                lists=(DesiredList(address=Address(f"segment.{name.lower()}"), slice=None, name=name),),
                description=None,
                owner=None,
                reason=None,
                expected_members=None,
                allow_empty=False,
            )
            for name in lists
        ),
        audiences=tuple(
            DesiredAudience(
                key=name,
                place=HERE,
                address=Address(f"audience.{name.lower()}"),
                name=name,
                description=None,
                owner=None,
                include=(VIP,),
                exclude=(),
                ad_sets=ad_sets,
                active=None,
            )
            for name in audiences
        ),
        removed=(),
        columns={},
    )


def list_record(address: Address, criteo_id: str) -> ListRecord:
    return ListRecord(
        address=address, criteo_id=criteo_id, name="VIP", description=None, definition=None, as_of=None, count=0
    )


def snapshot(
    lists: dict[Address, str], audiences: dict[Address, str] | None = None, creates: frozenset[Address] = frozenset()
) -> Snapshot:
    doubt = Doubt(intent=None, bits={}, lists=frozenset(), creates=creates)
    return Snapshot(
        workspace="acme",
        lineage="one",
        lists={address: list_record(address, criteo_id) for address, criteo_id in lists.items()},
        audiences={
            address: AudienceRecord(
                address=address,
                criteo_id=criteo_id,
                name="Aim",
                description=None,
                include=(VIP,),
                exclude=(),
                ad_sets=("700125",),
            )
            for address, criteo_id in (audiences or {}).items()
        },
        doubts=(doubt,) if creates else (),
    )


@pytest.mark.parametrize("state", [None, EMPTY])
def test_nothing_is_ours_in_the_beginning(client: CriteoClient, state: Snapshot | None) -> None:
    """At an empty Criteo nothing is ours, foreign or gone."""
    actual = refresh(client, desired("VIP", audiences=("Aim",)), state)
    assert not any((actual.segments, actual.audiences, actual.foreign_segments, actual.foreign_audiences))
    assert actual.gone == frozenset()


def test_ours_is_what_the_snapshot_knows(client: CriteoClient) -> None:
    """What the snapshot knows is found again by its id, with what Criteo says of it now."""
    made = make_list(client, "VIP", marked(VIP))
    aim = make_audience(client, "Aim", made, marked(AIM))
    client.link("700123", aim)
    state = snapshot({VIP: made}, {AIM: aim})
    actual = refresh(client, desired("VIP", audiences=("Aim",), ad_sets=("700124", "1")), state)
    assert {address: segment.id for address, segment in actual.segments.items()} == {VIP: made}
    assert actual.audiences[AIM].targeting == Targeting(include=frozenset({made}))
    assert actual.ad_set_audience == {"700123": aim}
    assert actual.ad_sets == {
        "700124": RemoteAdSet(id="700124", name="Ad set 700124"),
        "700125": RemoteAdSet(id="700125", name="Ad set 700125"),
    }
    assert not actual.foreign_segments
    assert actual.gone == frozenset()


@pytest.mark.parametrize("description", ["", "somebody's own words", marked(SPARE)])
def test_what_was_edited_is_still_ours(client: CriteoClient, description: str) -> None:
    """A list that somebody renamed in the console, or whose mark is lost or changed, is ours by its id."""
    made = make_list(client, "VIP", marked(VIP))
    client.update_segments([SegmentDraft(id=made, name="Renamed", description=description)])
    actual = refresh(client, desired("VIP"), snapshot({VIP: made}))
    assert actual.segments[VIP].name == "Renamed"
    assert not actual.foreign_segments


def test_what_was_deleted_is_gone(client: CriteoClient) -> None:
    """What the snapshot knows and Criteo no longer has is gone."""
    actual = refresh(client, desired("VIP"), snapshot({VIP: "501"}, {AIM: "901"}))
    assert actual.gone == {VIP, AIM}
    assert not actual.segments
    assert not actual.audiences


def test_a_creation_in_doubt_is_found_by_its_mark(client: CriteoClient) -> None:
    """A list and an audience whose creation was under way are ours by their marks, also in place of ones that went."""
    made = make_list(client, "VIP", marked(VIP))
    spare = make_list(client, "Spare", marked(SPARE))
    aim = make_audience(client, "Aim", made, marked(AIM))
    state = snapshot({SPARE: "12345"}, creates=frozenset({VIP, AIM, SPARE}))
    actual = refresh(client, desired("VIP", "Spare", audiences=("Aim",)), state)
    assert {address: segment.id for address, segment in actual.segments.items()} == {VIP: made, SPARE: spare}
    assert {address: audience.id for address, audience in actual.audiences.items()} == {AIM: aim}
    assert actual.gone == frozenset()


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (None, "there is no state at all"),
        (EMPTY, "the state is of before"),
        (snapshot({SPARE: "500"}, creates=frozenset({AIM})), "another creation is in doubt"),
        (snapshot({VIP: "500"}), "the state has another id"),
        (snapshot({VIP: "500"}, creates=frozenset({VIP})), "the state has another id, which is there"),
        (snapshot({VIP: "12345"}), "the state has another id, which is gone"),
    ],
)
def test_our_mark_without_its_record_stops(client: CriteoClient, state: Snapshot | None, why: str) -> None:
    """A resource with our mark that the state does not know means that the ledger is missing."""
    assert make_list(client, "Spare", marked(SPARE) if state and SPARE in state.lists else None) == "500"
    made = make_list(client, "VIP", marked(VIP))
    with pytest.raises(StateError, match="the ledger is missing") as caught:
        refresh(client, desired("VIP"), state)
    assert caught.value.exit_code == 4
    assert f'"VIP" (id {made}) [reconciler acme segment.vip]' in caught.value.detail
    assert ".reconciler" in caught.value.hint


def test_every_resource_without_record_is_told(client: CriteoClient) -> None:
    """The error names lists and audiences, all of them."""
    made = make_list(client, "VIP", marked(VIP))
    make_audience(client, "Aim", made, marked(AIM))
    with pytest.raises(StateError) as caught:
        refresh(client, desired(), None)
    assert [line.split()[0] for line in caught.value.detail.splitlines()] == ['"Aim"', '"VIP"']


def test_two_that_bear_one_mark(client: CriteoClient) -> None:
    """When two lists bear the mark of one creation in doubt, nobody can tell which is ours."""
    make_list(client, "VIP", marked(VIP))
    make_list(client, "VIP copy", marked(VIP))
    with pytest.raises(StateError):
        refresh(client, desired("VIP"), snapshot({}, creates=frozenset({VIP})))


def test_a_name_of_another_workspace_is_refused(client: CriteoClient) -> None:
    """A list or audience that another workspace made under a name that we want stops the run."""
    made = make_list(client, "VIP", marked(VIP, "another"))
    make_audience(client, "Aim", made, marked(AIM, "acme/staging"))
    with pytest.raises(Blocked) as caught:
        refresh(client, desired("VIP", audiences=("Aim",)), EMPTY)
    assert caught.value.exit_code == 3
    assert "[reconciler another segment.vip]" in caught.value.detail
    assert "[reconciler acme/staging audience.aim]" in caught.value.detail


def test_other_names_of_another_workspace_do_not_matter(client: CriteoClient) -> None:
    """What another workspace made under other names is neither ours nor foreign: nobody touches it."""
    make_list(client, "Theirs", marked(VIP, "another"))
    actual = refresh(client, desired("VIP"), EMPTY)
    assert not (actual.segments)
    assert not (actual.foreign_segments)


def test_ours_with_the_mark_of_another_workspace_is_refused(client: CriteoClient) -> None:
    """What the snapshot knows as ours and another workspace has marked since stops the run."""
    made = make_list(client, "VIP", marked(VIP, "another"))
    with pytest.raises(Blocked):
        refresh(client, desired("VIP"), snapshot({VIP: made}))


def test_names_without_mark_are_left_to_the_plan(client: CriteoClient) -> None:
    """What somebody else made is told by its name, wanted or not, with an audience's mark on a list meaning nothing."""
    made = make_list(client, "VIP")
    make_list(client, "Unmanaged", marked(AIM))
    aim = make_audience(client, "Aim", made, "no [reconciler] mark")
    actual = refresh(client, desired("VIP", audiences=("Aim",)), EMPTY)
    assert {name: segment.id for name, segment in actual.foreign_segments.items()} == {"VIP": made, "Unmanaged": "501"}
    assert {name: audience.id for name, audience in actual.foreign_audiences.items()} == {"Aim": aim}
    assert not (actual.segments)
    assert not (actual.audiences)


def test_a_missing_ledger_comes_before_a_taken_name(client: CriteoClient) -> None:
    """Where both are true, the missing ledger is told: it is the graver one."""
    make_list(client, "VIP", marked(VIP))
    make_list(client, "Spare", marked(SPARE, "another"))
    with pytest.raises(StateError):
        refresh(client, desired("VIP", "Spare"), EMPTY)


def test_an_advertiser_that_has_not_let_us_in_is_no_empty_account(client: CriteoClient) -> None:
    """Its lists can't be seen, so nothing may be planned on their absence."""
    wanted = desired()
    elsewhere = replace(wanted, settings=replace(wanted.settings, advertiser="43"))

    with pytest.raises(NotAuthorised) as caught:
        refresh(client, elsewhere, None)

    assert "43" in caught.value.detail
