"""Where Criteo refuses several exclusions in one audience: one list that stands for all of them."""

from __future__ import annotations

import pytest

from tests.flows.conftest import Opener
from tests.flows.shop import AMEND, Shop, members_of, names, resource, step_ids
from tests.switches.positions import usual

SEGMENTS = """\
segments:
  carts: { name: Carts, who: { event: cart_added, within: 3d } }
  buyers: { name: Buyers, who: { event: purchase, within: 7d } }
  vips: { name: VIPs, who: { attribute: tier, is: vip } }
  gone:
    name: Gone
    purpose: suppression
    reason: They asked us to stop
    who: { attribute: unsubscribed, is: yes }
audiences:
"""
LIST = "style (exclusions)"
ADDRESS = "segment.style(exclusions)"


def excluding(*keys: str) -> str:
    return f"{SEGMENTS}  style:\n    name: Style\n    include: [carts]\n    exclude: [{', '.join(keys)}]\n"


@pytest.fixture
def strict(open_shop: Opener) -> Shop:
    """A shop at a Criteo that takes what its audience builder takes; some with carts bought, some asked to stop."""
    shop = open_shop(switches=usual(algebra="builder_rules"))
    shop.settings["criteo"]["exclusions"] = "one_list"
    shop.people(names("cart", 10), "cart_added", "2h")
    for key in names("cart", 3):
        shop.event(key, "purchase", "1h")
    for number, key in enumerate(names("gone", 4)):
        shop.customer(key, unsubscribed="yes", consent="no" if number else "yes")
    shop.customer("denied", consent="no")
    shop.event("denied", "purchase", "1h")
    shop.definitions = excluding("buyers", "gone")
    return shop


def test_one_list_is_excluded_in_the_place_of_several(strict: Shop) -> None:
    """It holds whoever is on one of them: consent counts for the buyers, and not for those who asked to stop."""
    strict.apply()
    assert strict.algebra("Style") == {"and": ["Carts", {"not": LIST}]}
    assert strict.members(LIST) == strict.members("Buyers") | strict.members("Gone")
    assert strict.members(LIST) == {*names("cart", 3), *names("gone", 4)}
    assert strict.plan()["summary"]["empty"]


def test_without_it_the_refusal_names_the_setting(strict: Shop) -> None:
    """Criteo's refusal of several exclusions comes with what to do."""
    del strict.settings["criteo"]["exclusions"]
    done = strict.apply(code=6)
    assert "criteo: { exclusions: one_list }" in done.err
    strict.settings["criteo"]["exclusions"] = "one_list"
    strict.apply()
    assert strict.algebra("Style") == {"and": ["Carts", {"not": LIST}]}


def test_the_plan_shows_it_as_a_list_like_any_other(strict: Shop) -> None:
    """It has an address, a name, members and what it is made of."""
    document = strict.plan()
    shown = resource(document, ADDRESS)
    assert (shown["action"], shown["name"]) == ("create", LIST)
    lines = [(each["path"], each["before"], each["after"]) for each in shown["changes"]]
    assert lines[-2:] == [("any", None, "segment.buyers"), ("any", None, "segment.gone")]
    assert members_of(document, "style(exclusions)")["after"] == 7
    assert "segment.style(exclusions)" in strict.run("plan").out


def test_it_follows_its_lists(strict: Shop) -> None:
    """Who enters one of them enters it, and who is on none of them any more leaves it, for the same cause."""
    strict.apply()
    strict.event("cart5", "purchase", "1h")
    strict.customer("gone0")
    strict.customer("gone1")
    strict.event("gone1", "purchase", "1h")
    document = strict.plan()
    moves = members_of(document, "style(exclusions)")
    assert moves["by_time"] == {"added": 1, "removed": 1}
    assert moves["removed_by"] == {"unmet": 1}
    assert members_of(document, "gone")["removed_by"] == {"unmet": 2}
    strict.sync()
    assert strict.members(LIST) == strict.members("Buyers") | strict.members("Gone")
    assert strict.members(LIST) == {*names("cart", 3), "cart5", *names("gone", 3, 1)}
    assert strict.plan()["summary"]["empty"]


def test_it_is_filled_before_anybody_is_added(strict: Shop) -> None:
    """An exclusion restricts: what is included waits until it is filled."""
    order = step_ids(strict.plan())
    assert order.index(f"add {ADDRESS}") < order.index("add segment.carts")
    strict.apply()
    lists = strict.lists()
    seen = [each["path"].split("/")[-2] for each in strict.requests(operation=AMEND)]
    assert seen.index(lists[LIST]) < seen.index(lists["Carts"])


def test_a_second_exclusion_makes_it_and_the_last_but_one_unmakes_it(strict: Shop) -> None:
    """Never are there two exclusions, and never does the audience exclude less than both say."""
    strict.definitions = excluding("buyers")
    strict.apply()
    assert strict.algebra("Style") == {"and": ["Carts", {"not": "Buyers"}]}
    strict.definitions = excluding("buyers", "gone")
    order = step_ids(strict.plan())
    assert order.index(f"add {ADDRESS}") < order.index("restrict audience.style")
    assert "loosen audience.style" not in order
    strict.apply()
    assert strict.algebra("Style") == {"and": ["Carts", {"not": LIST}]}
    strict.definitions = excluding("buyers")
    order = step_ids(strict.plan())
    assert order.index("loosen audience.style") < order.index(f"remove {ADDRESS}") < order.index(f"delete {ADDRESS}")
    strict.apply()
    assert strict.algebra("Style") == {"and": ["Carts", {"not": "Buyers"}]}
    assert LIST not in strict.lists()
    assert strict.plan()["summary"]["empty"]


def test_one_exclusion_is_changed_for_another_at_once(strict: Shop) -> None:
    """There are never two: the edit waits for all that restricts, and is one call."""
    strict.definitions = excluding("buyers")
    strict.apply()
    strict.definitions = excluding("gone")
    assert [each for each in step_ids(strict.plan()) if "audience" in each] == ["loosen audience.style"]
    strict.apply()
    assert strict.algebra("Style") == {"and": ["Carts", {"not": "Gone"}]}


def test_another_exclusion_changes_what_it_is_made_of(strict: Shop) -> None:
    """The audience stays as it is; the list gets others, first in, then out."""
    strict.apply()
    strict.customer("vip", tier="vip")
    strict.definitions = excluding("gone", "vips")
    document = strict.plan()
    lines = {(each["path"], each["before"], each["after"]) for each in resource(document, ADDRESS)["changes"]}
    assert lines == {("any", "segment.buyers", None), ("any", None, "segment.vips")}
    assert members_of(document, "style(exclusions)")["removed_by"] == {"definition": 3}
    strict.apply()
    assert strict.members(LIST) == {"vip", *names("gone", 4)}
    assert strict.algebra("Style") == {"and": ["Carts", {"not": LIST}]}
    assert strict.plan()["summary"]["empty"]


def test_what_a_guard_keeps_on_a_list_stays_on_it(strict: Shop) -> None:
    """Nobody is targeted again because one list may not be emptied."""
    strict.people(names("buyer", 60), "purchase", "1h")
    strict.guards(max_gone="10%", min_count=5)
    strict.apply()
    for key in names("buyer", 30):
        del strict.customers[key]
    strict.customer("gone0")
    done = strict.run("apply", "--auto-approve")
    assert done.code == 3, done
    assert set(names("buyer", 60)) <= strict.members("Buyers")
    assert strict.members("Buyers") | strict.members("Gone") <= strict.members(LIST)


def test_it_goes_with_its_audience(strict: Shop) -> None:
    """Nothing has to be said of it when its audience is removed."""
    strict.apply()
    strict.definitions = SEGMENTS.replace("audiences:\n", "removed: { audience.style: { contents: drain } }\n")
    strict.apply()
    assert LIST not in strict.lists()
    assert strict.audiences() == {}


def test_it_stays_with_an_audience_that_stays(strict: Shop) -> None:
    """Letting go of an audience lets go of the list that it excludes, with whoever is on it."""
    strict.apply()
    strict.definitions = SEGMENTS.replace("audiences:\n", "removed: { audience.style: { contents: keep } }\n")
    strict.apply()
    assert strict.members(LIST) == {*names("cart", 3), *names("gone", 4)}
    assert strict.algebra("Style") == {"and": ["Carts", {"not": LIST}]}


def test_what_is_always_excluded_is_on_it_and_formulas_have_one_too(strict: Shop) -> None:
    """Of a formula, what is excluded as a whole goes into one list."""
    strict.settings["always_exclude"] = ["gone"]
    formula = "{ and: [ { or: [carts, vips] }, { not: buyers } ] }"
    strict.definitions = f"{SEGMENTS}  style:\n    name: Style\n    algebra: {formula}\n"
    strict.apply()
    assert strict.algebra("Style") == {"and": [{"or": ["Carts", "VIPs"]}, {"not": LIST}]}
    assert strict.members(LIST) == {*names("cart", 3), *names("gone", 4)}


def test_back_to_separate_exclusions(open_shop: Opener) -> None:
    """Where Criteo takes several, the list is left by its audience and then goes."""
    shop = open_shop(switches=usual(algebra="any"))
    shop.people(names("cart", 4), "cart_added", "2h")
    shop.event("cart1", "purchase", "1h")
    shop.customer("asked", unsubscribed="yes")
    shop.definitions = excluding("buyers", "gone")
    shop.settings["criteo"]["exclusions"] = "one_list"
    shop.apply()
    assert shop.members(LIST) == {"cart1", "asked"}
    shop.settings["criteo"]["exclusions"] = "separate"
    order = step_ids(shop.plan())
    assert order.index("loosen audience.style") < order.index(f"remove {ADDRESS}")
    shop.apply()
    assert shop.algebra("Style") == {"and": ["Carts", {"not": "Buyers"}, {"not": "Gone"}]}
    assert LIST not in shop.lists()
    shop.settings["criteo"]["exclusions"] = "one_list"
    shop.apply()
    assert shop.algebra("Style") == {"and": ["Carts", {"not": LIST}]}
    assert shop.plan()["summary"]["empty"]
