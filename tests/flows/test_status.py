"""How things stand: the state, what Criteo makes of it, and how old that is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.emulator.switches import Switches
from reconciler.state.local import LocalStore
from tests.flows.conftest import Opener
from tests.flows.shop import AMEND, AUDIENCE_SIZES, SEGMENT_SIZES, STATISTICS, Document, Shop, names

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "status.schema.json").read_text(encoding="utf-8"))
HOUR = 3600
DEFINITIONS = """\
segments:
  buyers:
    name: Buyers
    who: { event: purchase, within: 30d }
  carts:
    name: Carts
    allow_empty: true
    who: { event: cart_added, within: 3d }
audiences:
  recovery:
    name: Recovery
    include: [carts]
    exclude: [buyers]
    ad_sets: ["700123"]
"""


@pytest.fixture
def applied(open_shop: Opener) -> Shop:
    """A hundred buyers, nobody with a cart; Criteo has counted nobody yet. It will know 64 of them."""
    shop = open_shop(switches=Switches(match_rate=0.64, counters="after_runs", computable_sizes="all"))
    shop.definitions = DEFINITIONS
    shop.people(names("buyer", 100), "purchase", "2h")
    shop.criteo.set_clock("2026-11-23T13:00:00Z")
    shop.apply()
    return shop


def status(shop: Shop) -> Document:
    """What `status --format json` prints, which follows its schema."""
    done = shop.run("status", "--format", "json", at=None)
    assert (done.code, done.err) == (0, ""), done
    Draft202012Validator(SCHEMA).validate(done.document)
    return done.document


def row(document: Document, address: str) -> Document:
    """One list or audience."""
    rows = [*document["lists"], *document["kinds"], *document["audiences"]]
    return next(each for each in rows if each["address"] == address)


def test_before_the_first_apply_everything_waits(shop: Shop) -> None:
    """Exit 0: all is to be made, Criteo is not asked, and no state is begun."""
    shop.definitions = DEFINITIONS
    document = status(shop)
    assert document["state"] is None
    assert {each["address"]: each["what"] for each in document["unapplied"]} == {
        each: ["to be made"] for each in ("audience.recovery", "segment.buyers", "segment.carts")
    }
    assert shop.requests() == []
    assert not shop.state.exists()


def test_it_only_looks(applied: Shop) -> None:
    """Criteo is asked for nothing but who let us in, sizes and counts; of the state the counts alone are written, and a
    second look writes nothing.
    """
    asked, files = applied.asked(), applied.contents()
    status(applied)
    operations = {each["operation"] for each in applied.requests(asked)}
    assert operations == {"OAuth2Token", "ListAdvertisers", SEGMENT_SIZES, AUDIENCE_SIZES, STATISTICS}
    after = applied.state_files()
    assert {Path(name).name for name in after if name not in files} == {"statistics.json"}
    assert {name: content for name, (content, _) in after.items() if name in files} == files
    asked = applied.asked()
    status(applied)
    assert applied.requests(asked, STATISTICS) == []
    assert (
        applied.state_files()[str(applied.state / "statistics.json")] == after[str(applied.state / "statistics.json")]
    )


def test_counts_follow_the_processing_runs(applied: Shop) -> None:
    """At first Criteo counts nobody, which its lag explains; after its next run all, and it tells a match rate."""
    first = row(status(applied), "segment.buyers")
    assert (first["held"], first["counts"]["identifiers"], first["fit"]) == (100, 0, "not yet counted")
    assert first["counts"]["match_rate"] is None
    applied.criteo.advance(12 * HOUR)
    then = row(status(applied), "segment.buyers")
    assert (then["held"], then["counts"]["identifiers"], then["fit"]) == (100, 100, "counted")
    assert 0 < then["counts"]["matches"] < 100
    assert 0 < then["counts"]["match_rate"] < 100
    assert then["counts"]["age_minutes"] == 0
    assert isinstance(then["size"], int)


def test_a_small_list_is_not_counted_before_it_is(applied: Shop) -> None:
    """Three of whom Criteo has counted none are not yet counted, few as they are, and their match rate is a dash."""
    applied.people(names("cart", 3), "cart_added", "1h")
    applied.sync()
    assert row(status(applied), "segment.carts")["fit"] == "not yet counted"
    lines = applied.run("status", at=None).out.splitlines()
    carts = next(line for line in lines if line.startswith("  segment.carts"))
    assert carts.split()[:5] == ["segment.carts", "3", "0", "0", "-"]
    applied.criteo.advance(12 * HOUR)
    assert row(status(applied), "segment.carts")["fit"] == "counted"


def test_a_list_that_keeps_moving_is_never_called_wrong(applied: Shop) -> None:
    """It grows by a tenth every few hours, and Criteo's counts trail behind: explained, at whatever hour one looks."""
    fits = []
    for number in range(6):
        applied.people(names("more", 60, first=60 * number), "purchase", "1h")
        applied.sync(at=datetime(2026, 11, 21, 19, tzinfo=UTC) + timedelta(minutes=number))
        applied.criteo.advance(7 * HOUR)
        fits.append(row(status(applied), "segment.buyers")["fit"])
    assert set(fits) == {"counted", "not yet counted"}


def test_a_list_that_somebody_emptied_is_seen(applied: Shop) -> None:
    """A difference that no lag explains is named, once the list was watched for a day."""
    status(applied)
    applied.criteo.advance(25 * HOUR)
    assert row(status(applied), "segment.buyers")["fit"] == "counted"
    applied.criteo.authorize()
    applied.criteo.send("DELETE", f"/audience-segments/{applied.lists()['Buyers']}/contact-list")
    applied.criteo.advance(13 * HOUR)
    text = applied.run("status", at=None).out
    assert "Counts that no lag explains\n  segment.buyers: Criteo counts 0 identifiers, the ledger held 100 " in text
    assert row(status(applied), "segment.buyers")["fit"] == "differs"
    assert row(status(applied), "segment.carts")["fit"] == "counted"


def test_the_oldest_counts_are_asked_for_first(shop: Shop) -> None:
    """A look asks for a tenth of the rate, and looks and syncs take turns: three of them ask for all."""
    lists = [f"  s{number:02}: {{ allow_empty: true, who: {{ event: e{number} }} }}\n" for number in range(12)]
    shop.definitions = f"segments:\n{''.join(lists)}"
    shop.customer("ann")
    shop.apply()
    shop.settings["criteo"]["calls_per_minute"] = 50
    asked = shop.asked()
    status(shop)
    assert len(shop.requests(asked, STATISTICS)) == 5
    shop.sync(at=None)
    shop.criteo.advance(HOUR)
    counted = [each["address"] for each in status(shop)["lists"] if each["counts"]]
    assert len(counted) == 12
    assert len(shop.requests(asked, STATISTICS)) == 15


def test_without_criteo_the_state_is_shown(applied: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Criteo down, out of reach, refusing or without credentials: exit 0, the counts as kept, and a note says why."""
    applied.criteo.advance(12 * HOUR)
    before = status(applied)

    def degraded(why: str) -> None:
        document = status(applied)
        assert "Criteo was not asked." in document["notes"][0]
        assert why in document["notes"][0]
        assert [each["size"] for each in document["lists"]] == [None, None]
        shown = row(document, "segment.buyers")["counts"]["identifiers"]
        assert shown == row(before, "segment.buyers")["counts"]["identifiers"] == 100

    applied.criteo.fault("500", count=None)
    degraded("HTTP 500")
    monkeypatch.setenv("CRITEO_API_URL", "http://127.0.0.1:9")
    degraded("Check")
    monkeypatch.delenv("CRITEO_CLIENT_ID")
    degraded("CRITEO_CLIENT_ID")


def test_rights_that_are_missing_are_noted(applied: Shop) -> None:
    """Without the right to sizes, or to counts, the rest is shown."""
    applied.criteo.fault("403", operation=SEGMENT_SIZES)
    document = status(applied)
    assert "Criteo's sizes are left out." in document["notes"][0]
    assert row(document, "segment.buyers")["counts"] is not None
    applied.criteo.advance(HOUR)
    applied.criteo.fault("403", operation=STATISTICS)
    document = status(applied)
    assert "Criteo's counts of the lists could not be asked for." in document["notes"][0]
    assert row(document, "segment.buyers")["size"] is not None


def test_sizes_that_are_turned_off_are_not_asked_for(applied: Shop) -> None:
    """As in a plan."""
    applied.settings["criteo"]["sizes"] = False
    asked = applied.asked()
    assert row(status(applied), "audience.recovery")["size"] is None
    assert [] == [*applied.requests(asked, SEGMENT_SIZES), *applied.requests(asked, AUDIENCE_SIZES)]


def test_a_list_that_is_gone_costs_the_others_nothing(applied: Shop) -> None:
    """It has neither size nor counts, and the others have theirs."""
    applied.criteo.authorize()
    recovery, carts = applied.audiences()["Recovery"]["id"], applied.lists()["Carts"]
    applied.criteo.link("700123", None)
    applied.criteo.bulk("POST", "/audiences/delete", {"id": recovery, "type": "Audience"})
    applied.criteo.bulk("POST", "/audience-segments/delete", {"id": carts, "type": "AudienceSegment"})
    document = status(applied)
    gone, there = row(document, "segment.carts"), row(document, "segment.buyers")
    assert (gone["size"], gone["counts"]) == (None, None)
    assert isinstance(there["size"], int)
    assert there["counts"] is not None
    assert document["notes"] == ["Criteo tells no size of audience.recovery, segment.carts."]


def test_counts_that_are_not_ours_to_read_are_left_alone(applied: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file stays as it is, what to do is said once, and the rest is shown, with Criteo and without."""
    path = applied.state / "statistics.json"
    path.write_text("{}")
    for _ in range(2):
        document = status(applied)
        assert [note for note in document["notes"] if "Remove the file" in note] == document["notes"][-1:]
        assert row(document, "segment.buyers")["held"] == 100
        monkeypatch.delenv("CRITEO_CLIENT_ID", raising=False)
    assert path.read_text() == "{}"


def test_who_is_at_work_is_told_and_not_disturbed(applied: Shop) -> None:
    """While somebody holds the lock it is named, no counts are asked for and nothing is written."""
    files = applied.contents()
    with LocalStore(applied.state).lock("apply"):
        asked = applied.asked()
        document = status(applied)
        assert (document["lock"]["operation"], document["lock"]["free"]) == ("apply", None)
        assert "`apply` on " in applied.run("status", at=None).out
        assert applied.requests(asked, STATISTICS) == []
        assert "at work on the state" in " ".join(document["notes"])
    assert applied.contents() == files
    assert status(applied)["lock"] is None


def test_a_dead_lock_is_told_as_such(applied: Shop) -> None:
    """A lock whose owner is no more is shown with why it is free, and keeps nobody from asking."""
    with LocalStore(applied.state).lock("sync"):
        lock = json.loads((applied.state / "lock.json").read_text())
    (applied.state / "lock.json").write_text(json.dumps({**lock, "pid": 2**22 + 1}))
    asked = applied.asked()
    assert status(applied)["lock"]["free"] == "its process is no more"
    assert len(applied.requests(asked, STATISTICS)) == 2
    assert "so that the next run takes it over" in applied.run("status", at=None).out


def test_what_is_in_doubt_is_told_until_it_is_said_again(applied: Shop) -> None:
    """A lost answer leaves a list in doubt; the next sync settles it."""
    applied.people(["late"], "purchase", "1h")
    applied.criteo.fault("close_after", operation=AMEND, count=None)
    applied.sync(code=6)
    assert [each["lists"] for each in status(applied)["doubts"]] == [["segment.buyers"]]
    assert "In doubt\n  segment.buyers: " in applied.run("status", at=None).out
    applied.criteo.send("DELETE", "/emulator/faults")
    applied.sync()
    assert status(applied)["doubts"] == []


BOTH = "include: [carts]\n    exclude: [buyers]"
RECOVERY = DEFINITIONS[DEFINITIONS.index("audiences:") :]
EDITS: list[tuple[str, str, dict[str, list[str]]]] = [
    ("name: Buyers", "name: Customers", {"segment.buyers": ["name"]}),
    ("within: 30d", "within: 20d", {"segment.buyers": ["definition"]}),
    ("within: 30d", "within: 0h..30d", {}),
    ("name: Carts", "name: Carts\n    description: They left", {"segment.carts": ["description"]}),
    ("exclude: [buyers]", "exclude: []", {"audience.recovery": ["segments"]}),
    (BOTH, "algebra: { or: [carts, buyers] }", {"audience.recovery": ["segments"]}),
    (BOTH, "algebra: { and: [{ not: buyers }, carts] }", {}),
    ('["700123"]', '["700124"]', {"audience.recovery": ["ad sets"]}),
    (RECOVERY, "", {"audience.recovery": ["to be removed"]}),
    ("audiences:", "  more: { who: { event: purchase } }\naudiences:", {"segment.more": ["to be made"]}),
]


def test_what_is_not_applied_is_told(applied: Shop) -> None:
    """Every way in which the workspace may differ from what was applied, and nothing where it means the same."""
    for old, new, expected in EDITS:
        applied.definitions = DEFINITIONS.replace(old, new)
        assert {each["address"]: each["what"] for each in status(applied)["unapplied"]} == expected


def test_a_list_of_exclusions_is_a_list_like_others(applied: Shop) -> None:
    """One that we make for an audience is told before it is made, is applied then, and has its counts."""
    more = "  lookers: { allow_empty: true, who: { event: product_viewed } }\naudiences:"
    applied.definitions = DEFINITIONS.replace("[buyers]", "[buyers, lookers]").replace("audiences:", more)
    applied.apply()
    applied.settings["criteo"]["exclusions"] = "one_list"
    waiting = {each["address"]: each["what"] for each in status(applied)["unapplied"]}
    assert waiting == {"audience.recovery": ["segments"], "segment.recovery(exclusions)": ["to be made"]}
    applied.apply()
    document = status(applied)
    assert document["unapplied"] == []
    assert row(document, "segment.recovery(exclusions)")["counts"]["identifiers"] == 0
    assert "segment.recovery(exclusions)" in applied.run("status", at=None).out


def test_criteos_own_segments_have_a_size_and_no_counts(open_shop: Opener) -> None:
    """They stand apart from the lists: not made yet, then with Criteo's size, then with what of them is not applied."""
    shop = open_shop(switches=Switches(computable_sizes="all"))
    visitors = "retargeting: { visitorsType: All, daysSinceLastVisitMin: 0, daysSinceLastVisitMax: 30 }"
    audience = "audiences: { all: { include: [visitors] } }\n"
    shop.definitions = f"segments:\n  visitors: {{ criteo: {{ {visitors} }} }}\n{audience}"
    shop.customer("ann")
    assert row(status(shop), "segment.visitors")["criteo_id"] is None
    shop.apply()
    asked, document = shop.asked(), status(shop)
    assert document["lists"] == document["unapplied"] == []
    assert row(document, "segment.visitors")["kind"] == "retargeting"
    assert isinstance(row(document, "segment.visitors")["size"], int)
    assert shop.requests(asked, STATISTICS) == []
    shop.definitions = shop.definitions.replace("Max: 30", "Max: 20")
    assert status(shop)["unapplied"] == [{"address": "segment.visitors", "what": ["definition"]}]


def test_a_schedule_that_is_late_is_told(applied: Shop) -> None:
    """By how long the next run is overdue, counted from the clock of the last, be it a sync with nothing to do."""
    for hours, late in ((3, 120), (1, None), (0, None)):
        last = datetime.now(UTC) - timedelta(hours=hours)
        applied.sync(at=last)
        schedule = status(applied)["schedule"]
        assert datetime.fromisoformat(schedule["last_as_of"]) == last.replace(microsecond=0)
        assert schedule["last_sync"]["as_of"] == schedule["last_as_of"]
        assert schedule["late_by_minutes"] == late
        assert ("late by 2 h" in applied.run("status", at=None).out) is (late is not None)


def test_a_state_that_is_missing_or_foreign_is_refused(applied: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 4 where a build server has forgotten its disk, and where the state is another advertiser's."""
    applied.settings["advertiser"] = "43"
    assert applied.run("status", at=None).code == 4
    applied.settings |= {"advertiser": "42", "state": "elsewhere"}
    assert applied.run("status", at=None).code == 0
    monkeypatch.setenv("CI", "true")
    done = applied.run("status", at=None)
    assert (done.code, "There is no state" in done.err) == (4, True)


def test_the_text_is_a_table_on_one_screen(applied: Shop) -> None:
    """Lists and audiences below each other, numbers aligned, what is unknown a dash."""
    applied.criteo.advance(12 * HOUR)
    applied.definitions = DEFINITIONS + "  more:\n    include: [carts]\n"
    text = applied.run("status", at=None).out
    lines = text.splitlines()
    head = next(line for line in lines if line.startswith("Lists"))
    buyers = next(line for line in lines if line.startswith("  segment.buyers"))
    assert head.index("ledger") + len("ledger") == buyers.index("100") + len("100")
    assert buyers.split()[:3] == ["segment.buyers", "100", "100"]
    assert "  audience.more                  -  not made yet" in lines
    assert "Not applied yet\n  audience.more: to be made" in text
