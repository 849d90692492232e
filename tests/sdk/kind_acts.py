"""The same acts by the official SDK and by our client: segments of Criteo's own kinds, and formulas of segments."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from criteo_api_marketingsolutions_v2027_01 import models

from reconciler.criteo.client import CriteoClient
from reconciler.model.address import criteo_address
from reconciler.model.algebra import And, Leaf, Not, Or, canonical
from reconciler.model.kinds import Kind, KindName, Point, Value
from reconciler.model.remote import AudienceDraft, SegmentDraft, Targeting
from tests.sdk import bodies
from tests.sdk.acts import Act
from tests.sdk.official import Official, World

SHOP = models.PointOfInterestV1(name="Shop", latitude=48.85837, longitude=2.29448)
MARKET: Mapping[str, Value] = {
    "country": "FR",
    "interestIds": ("166", "632"),
    "brandIds": ("1",),
    "buyingPower": ("High", "VeryHigh"),
    "priceRange": ("Low",),
    "gender": "Female",
}


def created(name: KindName, said: Mapping[str, Value], **theirs: Any) -> Act:
    """A segment of a kind, made by both."""

    def ours(client: CriteoClient, _: World) -> object:
        return client.create_segments([SegmentDraft(name="New", description=None, kind=Kind.of(name, said))])

    def official(sdk: Official, _: World) -> object:
        return sdk.audiences.create_audience_segments(bodies.segment_to_create("New", **theirs))

    return Act(official=official, ours=ours)


def changed(name: KindName, said: Mapping[str, Value], **theirs: Any) -> Act:
    """A segment of a kind, changed by both."""

    def ours(client: CriteoClient, world: World) -> object:
        draft = SegmentDraft(id=world.in_market, name=None, description=None, kind=Kind.of(name, said))
        return client.update_segments([draft])

    def official(sdk: Official, world: World) -> object:
        return sdk.audiences.update_audience_segments(bodies.segment_to_update(world.in_market, **theirs))

    return Act(official=official, ours=ours)


def _by_formula(client: CriteoClient, world: World) -> object:
    other = Or((And((Leaf(world.segment), Not(Leaf(world.in_market)))), Leaf("999")))
    draft = AudienceDraft(name="New", description=None, targeting=Targeting.of(canonical(other)))
    return client.create_audiences([draft])


def _officially_by_formula(sdk: Official, world: World) -> object:
    node = models.AlgebraNodeV1
    both = node(_and=[node(audience_segment_id=world.segment), node(_not=node(audience_segment_id=world.in_market))])
    tree = node(_or=[node(audience_segment_id="999"), both])
    return sdk.audiences.create_audiences(bodies.audience_to_create("New", tree))


def _grown(client: CriteoClient, world: World) -> object:
    kind = Kind.of("lookalike", {"targetSize": 100_000}, criteo_address(world.segment))
    return client.create_segments([SegmentDraft(name="New", description=None, kind=kind)])


ACTS_OF_KINDS: Mapping[str, Act] = {
    "create an audience by a formula": Act(official=_officially_by_formula, ours=_by_formula),
    "create an in-market segment": created(
        "in_market",
        MARKET,
        in_market=models.InMarketCreateV1(
            country="FR",
            interest_ids=["166", "632"],
            brand_ids=["1"],
            buying_power=["High", "VeryHigh"],
            price_range=["Low"],
            gender="Female",
        ),
    ),
    "change an in-market segment": changed(
        "in_market",
        {"country": "DE", "brandIds": (), "gender": "Male"},
        in_market=models.InMarketUpdateV1(country="DE", brand_ids=[], gender=models.NillableGenderV1(value="Male")),
    ),
    "take back the gender of an in-market segment": changed(
        "in_market", {"gender": None}, in_market=models.InMarketUpdateV1(gender=models.NillableGenderV1(value=None))
    ),
    "create a prospecting segment": created(
        "prospecting",
        {"usersType": "ProspectsOrNonBuyers", "daysSinceLastVisitMin": 5, "daysSinceLastVisitMax": 30},
        prospecting=models.ProspectingCreateV1(
            users_type="ProspectsOrNonBuyers", days_since_last_visit_min=5, days_since_last_visit_max=30
        ),
    ),
    "change a prospecting segment": changed(
        "prospecting",
        {"usersType": "Prospects", "daysSinceLastVisitMin": 7, "daysSinceLastVisitMax": None},
        prospecting=models.ProspectingUpdateV1(
            users_type="Prospects",
            days_since_last_visit_min=models.NillableInt32(value=7),
            days_since_last_visit_max=models.NillableInt32(value=None),
        ),
    ),
    "create a location segment": created(
        "location",
        {"pointsOfInterest": (Point("Shop", Decimal("48.85837"), Decimal("2.29448")),), "radiusInKm": 5},
        location=models.LocationCreateV1(points_of_interest=[SHOP], radius_in_km=5),
    ),
    "change a location segment": changed(
        "location", {"radiusInKm": 7}, location=models.LocationUpdateV1(radius_in_km=7)
    ),
    "create a retargeting segment": created(
        "retargeting",
        {"visitorsType": "NonBuyers", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 30},
        retargeting=models.RetargetingCreateV1(
            visitors_type="NonBuyers", days_since_last_visit_min=0, days_since_last_visit_max=30
        ),
    ),
    "change a retargeting segment": changed(
        "retargeting",
        {"visitorsType": "All", "daysSinceLastVisitMin": 1, "daysSinceLastVisitMax": 60},
        retargeting=models.RetargetingUpdateV1(
            visitors_type="All", days_since_last_visit_min=1, days_since_last_visit_max=60
        ),
    ),
    "create a lookalike": Act(
        official=lambda sdk, world: sdk.audiences.create_audience_segments(
            bodies.segment_to_create(
                "New", lookalike=models.LookalikeCreateV1(seed_segment_id=world.segment, target_size=100_000)
            )
        ),
        ours=_grown,
    ),
    "change a lookalike": changed(
        "lookalike", {"targetSize": 200_000}, lookalike=models.LookalikeUpdateV1(target_size=200_000)
    ),
}
