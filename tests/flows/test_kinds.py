"""Criteo's own kinds of segment through the command line: made, compared, changed, put back, let go of."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from tests.flows.shop import ROOT, Document, Shop, names, resource
from tests.test_docs import of_kind

pytestmark = pytest.mark.switches(in_market_ids="optional", left_out="unchanged")

RETARGETING = "retargeting: { visitorsType: NonBuyers, daysSinceLastVisitMin: 0, daysSinceLastVisitMax: 30 }"
IN_MARKET = "in_market: { country: FR, interestIds: ['187'], buyingPower: [High, Low], gender: Female }"
LOCATION = (
    "location: { radiusInKm: 5, pointsOfInterest: [ { name: Paris, latitude: 48.856613, longitude: 2.352222 } ] }"
)
PROSPECTING = "prospecting: { usersType: ProspectsOrNonBuyers, daysSinceLastVisitMin: 10, daysSinceLastVisitMax: 90 }"
AUDIENCE = "audiences:\n  back: { include: [visitors], exclude: [buyers], ad_sets: ['700123'] }\n"
BUYERS = "  buyers: { who: { event: purchase, within: 7d } }\n"


def workspace(shop: Shop, kind: str = RETARGETING, *, more: str = "", audiences: str = AUDIENCE) -> None:
    """Define `visitors` of this kind, buyers, and what else there is."""
    shop.definitions = f"segments:\n  visitors: {{ name: Visitors, criteo: {{ {kind} }} }}\n{BUYERS}{more}{audiences}"
    if not shop.customers:
        shop.people([f"buyer{number}" for number in range(3)], "purchase", "1d")
        shop.criteo.authorize()


def at_criteo(shop: Shop, name: str = "Visitors") -> Document:
    """A segment's attributes, by its name."""
    found = shop.criteo.search("/audience-segments", {"advertiserIds": ["42"]}).json()["data"]
    attributes: Document = next(each["attributes"] for each in found if each["attributes"]["name"] == name)
    return attributes


def console(shop: Shop, **attributes: Any) -> None:
    """Change `Visitors` as somebody does in Criteo's console."""
    item = {"id": shop.lists()["Visitors"], "type": "AudienceSegment", "attributes": attributes}
    assert not shop.criteo.bulk("PATCH", "/audience-segments", item).json().get("errors")


def changes(document: Document, part: str = "changes") -> dict[str, list[tuple[str | None, str | None]]]:
    """What a plan changes of `visitors`, by the last word of its path."""
    found: dict[str, list[tuple[str | None, str | None]]] = {}
    for each in resource(document, "segment.visitors")[part]:
        found.setdefault(each["path"].rpartition(".")[2], []).append((each["before"], each["after"]))
    return found


KINDS = [
    (
        RETARGETING,
        "retargeting",
        {"visitorsType": "NonBuyers", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 30},
    ),
    (
        IN_MARKET,
        "inMarket",
        {"country": "FR", "interestIds": ["187"], "buyingPower": ["High", "Low"], "gender": "Female"},
    ),
    (
        LOCATION,
        "location",
        {"radiusInKm": 5, "pointsOfInterest": [{"name": "Paris", "latitude": 48.85661, "longitude": 2.35222}]},
    ),
    (
        PROSPECTING,
        "prospecting",
        {"usersType": "ProspectsOrNonBuyers", "daysSinceLastVisitMin": 10, "daysSinceLastVisitMax": 90},
    ),
]


@pytest.mark.parametrize(("kind", "key", "expected"), KINDS, ids=[key for _, key, _ in KINDS])
def test_each_kind_is_made_as_declared_and_then_left_alone(
    shop: Shop, kind: str, key: str, expected: dict[str, Any]
) -> None:
    """What the YAML says stands at Criteo under our mark, an audience names it, and the next plan is empty."""
    workspace(shop, kind)
    assert resource(shop.plan(), "segment.visitors")["action"] == "create"
    shop.apply()
    made = at_criteo(shop)
    assert expected.items() <= made[key].items()
    assert made["description"] == "[reconciler corner-shop segment.visitors]"
    assert shop.plan()["summary"]["empty"]
    ids = shop.lists()
    algebra = {"and": [{"audienceSegmentId": ids["Visitors"]}, {"not": {"audienceSegmentId": ids["buyers"]}}]}
    assert shop.audiences()["back"]["algebra"] == algebra


EDITS: list[tuple[str, list[tuple[str, dict[str, Any]]]]] = [
    (
        "retargeting",
        [
            (RETARGETING, {}),
            (RETARGETING.replace("30", "60"), {"daysSinceLastVisitMax": 60}),
            (RETARGETING.replace("NonBuyers", "Buyers").replace("30", "60"), {"visitorsType": "Buyers"}),
            (
                RETARGETING.replace(": 0", ": 3"),
                {"visitorsType": "NonBuyers", "daysSinceLastVisitMin": 3, "daysSinceLastVisitMax": 30},
            ),
        ],
    ),
    (
        "inMarket",
        [
            (IN_MARKET, {}),
            (
                IN_MARKET.replace("FR", "DE").replace("'187'", "'188', '187'"),
                {"country": "DE", "interestIds": ["187", "188"]},
            ),
            (
                "in_market: { country: DE, buyingPower: [Low] }",
                {"interestIds": [], "gender": None, "buyingPower": ["Low"]},
            ),
            (
                "in_market: { country: DE, gender: Male, brandIds: ['1004'], priceRange: [High] }",
                {"gender": "Male", "brandIds": ["1004"], "priceRange": ["High"], "buyingPower": []},
            ),
        ],
    ),
    (
        "location",
        [
            (LOCATION, {}),
            (LOCATION.replace("5,", "9,"), {"radiusInKm": 9}),
            (
                LOCATION.replace("5,", "9,").replace("2.352222", "3"),
                {"pointsOfInterest": [{"name": "Paris", "latitude": 48.85661, "longitude": 3.0}]},
            ),
        ],
    ),
    (
        "prospecting",
        [
            (PROSPECTING, {}),
            (PROSPECTING.replace("90", "80"), {"daysSinceLastVisitMax": 80}),
            (
                "prospecting: { usersType: Prospects }",
                {"usersType": "Prospects", "daysSinceLastVisitMin": None, "daysSinceLastVisitMax": None},
            ),
        ],
    ),
]


@pytest.mark.parametrize(("key", "versions"), EDITS, ids=[key for key, _ in EDITS])
def test_each_attribute_is_changed_in_place(shop: Shop, key: str, versions: list[tuple[str, dict[str, Any]]]) -> None:
    """The segment keeps its id and gets each attribute, or none of it again; the next plan is empty."""
    workspace(shop, versions[0][0], audiences="")
    shop.apply()
    ids = shop.lists()
    for kind, expected in versions[1:]:
        workspace(shop, kind, audiences="")
        plan = shop.plan()
        assert resource(plan, "segment.visitors")["action"] == "update"
        assert set(changes(plan)) == set(expected)
        shop.apply()
        assert expected.items() <= at_criteo(shop)[key].items()
    assert shop.lists() == ids
    assert shop.plan()["summary"]["empty"]


@pytest.mark.parametrize(("days", "phase"), [("20", "restrict"), ("60", "loosen")])
def test_a_narrower_segment_restricts_and_a_wider_one_waits(shop: Shop, days: str, phase: str) -> None:
    """Where an included segment lets fewer in the change goes first; where it lets more in it comes after."""
    workspace(shop)
    shop.apply()
    workspace(shop, RETARGETING.replace("30", days))
    assert [each["phase"] for each in shop.plan()["steps"]] == [phase]


def test_what_somebody_changed_in_the_console_is_shown_and_put_back(shop: Shop) -> None:
    """Drift is told beside the change, and an attribute that the workspace does not declare is nobody's business."""
    workspace(shop, IN_MARKET)
    shop.apply()
    console(shop, inMarket={"country": "ES", "priceRange": ["Low"]})
    plan = shop.plan()
    assert changes(plan, "drift") == {"country": [("FR", "ES")]}
    assert changes(plan) == {"country": [("ES", "FR")]}
    shop.apply()
    assert at_criteo(shop)["inMarket"]["country"] == "FR"
    assert at_criteo(shop)["inMarket"]["priceRange"] == ["Low"]
    assert shop.plan()["summary"]["empty"]


def test_what_somebody_did_already_needs_no_request(shop: Shop) -> None:
    """Where Criteo has what is newly wanted, the record alone is mended."""
    workspace(shop)
    shop.apply()
    console(shop, retargeting={"daysSinceLastVisitMax": 60})
    workspace(shop, RETARGETING.replace("30", "60"))
    before = shop.asked()
    shop.apply()
    assert shop.writes(before) == []
    assert shop.plan()["summary"]["empty"]


def test_words_are_changed_as_those_of_lists(shop: Shop) -> None:
    """Name and description go out, and who put words of theirs into the console is told."""
    workspace(shop)
    shop.apply()
    shop.definitions = shop.definitions.replace("name: Visitors,", "name: Guests, description: Who came,")
    shop.apply()
    assert at_criteo(shop, "Guests")["description"] == "Who came [reconciler corner-shop segment.visitors]"
    assert shop.plan()["summary"]["empty"]


def test_what_is_gone_at_criteo_is_made_anew(shop: Shop) -> None:
    """Nothing of ours is lost with such a segment, so nobody is asked."""
    workspace(shop, audiences="")
    shop.apply()
    item = {"id": shop.lists()["Visitors"], "type": "AudienceSegment"}
    assert shop.criteo.bulk("POST", "/audience-segments/delete", item).status_code == 200
    plan = shop.plan()
    assert resource(plan, "segment.visitors")["action"] == "create"
    assert "segment.visitors is no longer at Criteo and is made anew." in plan["notes"]
    shop.apply()
    assert shop.plan()["summary"]["empty"]


@pytest.mark.parametrize(("contents", "left"), [("drain", {"buyers"}), ("keep", {"buyers", "Visitors"})])
def test_removed_deletes_it_or_lets_go_of_it(shop: Shop, contents: str, left: set[str]) -> None:
    """`drain` deletes it without emptying anything, `keep` takes our mark off; without either nothing is done."""
    workspace(shop)
    shop.apply()
    shop.definitions = f"segments:\n{BUYERS}audiences:\n  back: {{ include: [buyers] }}\n"
    refused = shop.run("plan")
    assert refused.code == 78
    assert "removed: { segment.visitors: { contents: drain } }" in refused.err
    shop.definitions += f"removed: {{ segment.visitors: {{ contents: {contents} }} }}\n"
    before = shop.asked()
    shop.apply()
    assert set(shop.lists()) == left
    assert "DeleteContactListByAudienceSegment" not in {each["operation"] for each in shop.writes(before)}
    if contents == "keep":
        assert at_criteo(shop)["description"] in (None, "")
    shop.definitions = shop.definitions.rpartition("removed:")[0]
    assert shop.plan()["summary"]["empty"]


def test_a_list_can_not_become_one_of_criteos_kinds(shop: Shop) -> None:
    """The message says what to do, in both directions, and nothing is changed."""
    workspace(shop)
    shop.apply()
    other = f"buyers: {{ criteo: {{ {RETARGETING} }} }}\n  more: {{ who"
    shop.definitions = shop.definitions.replace("buyers: { who", other)
    done = shop.run("apply", "--auto-approve")
    assert done.code == 78
    assert "segment.buyers exists at Criteo as something else" in done.err
    shop.definitions = f"segments:\n  visitors: {{ who: {{ event: purchase }} }}\n{BUYERS}{AUDIENCE}"
    done = shop.run("apply", "--auto-approve")
    assert done.code == 78
    assert "segment.visitors exists at Criteo as something else" in done.err


def test_a_sync_leaves_it_alone_and_says_what_waits(shop: Shop) -> None:
    """Members alone move in a sync; a changed kind is named as waiting."""
    workspace(shop)
    shop.apply()
    workspace(shop, RETARGETING.replace("30", "60"))
    before = shop.asked()
    done = shop.sync()
    assert "segment.visitors differs from the workspace; that waits for an apply." in done.out + done.err
    assert shop.writes(before) == []


def test_the_state_tells_its_kind_and_no_size(shop: Shop) -> None:
    """`state list` names the kind where a list has its count, `state show` all that was said of it."""
    workspace(shop)
    shop.apply()
    listed = shop.run("state", "list", at=None).out
    assert next(line.split() for line in listed.splitlines() if "visitors" in line)[2] == "retargeting"
    assert '"daysSinceLastVisitMax": 30' in shop.run("state", "show", at=None).out


SHOWN = """segments:
  visitors:
    name: Visitors
    owner: web
    criteo: { retargeting: { visitorsType: All, daysSinceLastVisitMin: 0, daysSinceLastVisitMax: 30 } }
  fans: { criteo_id: "8812" }
  buyers: { who: { event: purchase, within: 7d } }
  like: { criteo: { lookalike: { seed: buyers } } }
audiences:
  back: { include: [visitors, buyers], exclude: [fans] }
  far: { include: [like] }
"""


def test_show_tells_what_it_is_and_who_uses_it(shop: Shop) -> None:
    """Text and JSON by its schema, of the workspace, such a segment, one that is only named, and what uses them."""
    shop.definitions = SHOWN
    for name, words in (
        (None, ["segment.visitors", "retargeting", "id 8812 at Criteo"]),
        ("visitors", ["owner  web", "retargeting: { ", "daysSinceLastVisitMax: 30", "audience.back"]),
        ("segment.fans", ["id 8812: not ours", "audience.back", "excludes it"]),
        ("buyers", ["segment.like", "refers to it"]),
        ("audience.back", ['segment.visitors  "Visitors"', 'criteo_segment["8812"]']),
    ):
        arguments = ["show", *([name] if name else [])]
        text = shop.run(*arguments, at=None)
        assert [word for word in words if word not in text.out] == [], text
        document = json.loads(shop.run(*arguments, "--format", "json", at=None).out)
        jsonschema.validate(document, json.loads((ROOT / "schemas" / "show.schema.json").read_text()))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["explain", "visitors"], 64, "is one of Criteo's own segments"),
        (["explain", "back"], 0, "Criteo's own segments"),
        (["explain", "far"], 64, "Only Criteo knows who is in this audience."),
        (["overlap"], 0, "3 people in 1 list"),
        (["lint"], 1, "segment.buyers"),
        (["audit"], 0, ""),
        (["validate", "--data"], 0, ""),
        (["test"], 0, ""),
    ],
)
def test_what_looks_at_people_passes_it_by(shop: Shop, arguments: list[str], code: int, words: str) -> None:
    """Every command that counts or explains people does so without such segments, and says what it leaves out."""
    shop.people([f"buyer{number}" for number in range(3)], "purchase", "1d")
    shop.definitions = SHOWN
    done = shop.run(*arguments, at=None)
    assert done.code == code, done
    assert words in done.out + done.err
    assert "bug in reconciler" not in done.out + done.err


@pytest.mark.switches(algebra="any", empty_seed="taken")
def test_the_recipe_of_criteos_own_segments_applies(shop: Shop) -> None:
    """What the page shows stands at Criteo after one apply: visitors, in-market people, and a lookalike of a list."""
    (page,) = of_kind(ROOT / "docs" / "recipes" / "criteos-own.md", "yaml definitions")
    for key in names("regular", 2):
        shop.customer(key)
        for ago in ("9d", "8d", "7d"):
            shop.event(key, "purchase", ago)
    shop.criteo.authorize()
    shop.definitions = page.text.removeprefix("version: 1\n")
    shop.apply()
    assert shop.members("Regulars") == set(names("regular", 2))
    assert at_criteo(shop, "Site visitors who did not buy")["type"] == "Retargeting"
    assert at_criteo(shop, "In the market for skin care")["type"] == "InMarket"
    assert at_criteo(shop, "Like our regulars")["lookalike"]["seedSegmentId"] == shop.lists()["Regulars"]
    assert shop.plan()["summary"]["empty"]
