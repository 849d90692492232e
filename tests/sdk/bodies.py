"""What the SDK's calls take, made of its own models."""

from __future__ import annotations

from typing import Any

from criteo_api_marketingsolutions_v2027_01 import models

ADVERTISER = "42"
AD_SET = "700123"


def segment_to_create(name: str = "VIP", advertiser: str = ADVERTISER, **kind: Any) -> Any:
    """A segment, a contact list unless a kind is given."""
    attributes = models.AudienceSegmentCreateEntityV1(
        advertiser_id=advertiser, name=name, **(kind or {"contact_list": {}})
    )
    resource = models.AudienceSegmentCreateEntityV1Resource(type="AudienceSegment", attributes=attributes)
    return models.AudienceSegmentBulkCreateInputV1(data=[resource])


def segment_to_update(segment: str, **attributes: Any) -> Any:
    """What to change of a segment."""
    changed = models.AudienceSegmentUpdateEntityV1(**attributes)
    resource = models.AudienceSegmentUpdateEntityV1Resource(id=segment, type="AudienceSegment", attributes=changed)
    return models.AudienceSegmentBulkUpdateInputV1(data=[resource])


def segments_to_delete(*segments: str) -> Any:
    """Segments by their ids."""
    resource = models.AudienceSegmentDeleteEntityV1Resource
    return models.AudienceSegmentBulkDeleteInputV1(
        data=[resource(id=each, type="AudienceSegment") for each in segments]
    )


def segments_to_size(*segments: str) -> Any:
    """Segments by their ids."""
    resource = models.AudienceSegmentComputeSizeEntityV1Resource
    return models.AudienceSegmentComputeSizesInputV1(
        data=[resource(id=each, type="AudienceSegment") for each in segments]
    )


def segment_to_estimate(**kind: Any) -> Any:
    """A segment that does not exist yet."""
    attributes = models.AudienceSegmentSizeEstimationEntityV1(advertiser_id=ADVERTISER, **kind)
    resource = models.AudienceSegmentSizeEstimationEntityV1Resource(type="AudienceSegment", attributes=attributes)
    return models.AudienceSegmentEstimateSizeInputV1(data=resource)


def segments_to_find(**filters: Any) -> Any:
    """A search of segments."""
    attributes = models.AudienceSegmentSearchEntityV1(**filters)
    resource = models.AudienceSegmentSearchEntityV1Resource(type="AudienceSegment", attributes=attributes)
    return models.AudienceSegmentSearchInputV1(data=resource)


def amendment(operation: str, identifiers: list[str], **more: Any) -> Any:
    """A change of a contact list."""
    attributes = models.ContactlistAmendmentAttributes(operation=operation, identifiers=identifiers, **more)
    return models.ContactlistAmendmentRequest(
        data=models.ContactlistAmendment(type="ContactlistAmendment", attributes=attributes)
    )


def audience_to_create(name: str, algebra: Any, **more: Any) -> Any:
    """An audience."""
    attributes = models.AudienceCreateEntityV1(advertiser_id=ADVERTISER, name=name, algebra=algebra, **more)
    resource = models.AudienceCreateEntityV1Resource(type="Audience", attributes=attributes)
    return models.AudienceBulkCreateInputV1(data=[resource])


def audience_to_update(audience: str, **attributes: Any) -> Any:
    """What to change of an audience."""
    changed = models.AudienceUpdateEntityV1(**attributes)
    resource = models.AudienceUpdateEntityV1Resource(id=audience, type="Audience", attributes=changed)
    return models.AudienceBulkUpdateInputV1(data=[resource])


def audiences_to_delete(*audiences: str) -> Any:
    """Audiences by their ids."""
    resource = models.AudienceDeleteEntityV1Resource
    return models.AudienceBulkDeleteInputV1(data=[resource(id=each, type="Audience") for each in audiences])


def audiences_to_size(*audiences: str) -> Any:
    """Audiences by their ids."""
    resource = models.AudienceComputeSizeEntityV1Resource
    return models.AudienceComputeSizesInputV1(data=[resource(id=each, type="Audience") for each in audiences])


def audience_to_estimate(algebra: Any) -> Any:
    """An audience that does not exist yet."""
    attributes = models.AudienceEstimateSizeEntityV1(advertiser_id=ADVERTISER, algebra=algebra)
    resource = models.AudienceEstimateSizeEntityV1Resource(type="Audience", attributes=attributes)
    return models.AudienceEstimateSizeInputV1(data=resource)


def audiences_to_find(**filters: Any) -> Any:
    """A search of audiences."""
    attributes = models.AudienceSearchEntityV1(**filters)
    resource = models.AudienceSearchEntityV1Resource(type="Audience", attributes=attributes)
    return models.AudienceSearchInputV1(data=resource)


def link_to(ad_set: str, audience: str | None) -> Any:
    """The audience that an ad set is to have."""
    attributes = models.AdSetAudienceLinkEntityV1(audience_id=audience)
    resource = models.AdSetAudienceLinkEntityV1Resource(id=ad_set, type="AdSetAudience", attributes=attributes)
    return models.AdSetAudienceLinkInputEntityV1(data=resource)


def ad_sets_to_find(fields: list[str] | None = None, **filters: Any) -> Any:
    """A search of ad sets."""
    meta = {} if fields is None else {"meta": models.AdSetSearchRequestMetadataV26Q1(fields=fields)}
    return models.AdSetSearchRequestV26Q1(filters=models.AdSetSearchFilterV26Q1(**filters), **meta)


def campaigns_to_find(**filters: Any) -> Any:
    """A search of campaigns."""
    return models.CampaignSearchRequestV23Q1(filters=models.CampaignSearchFiltersV23Q1(**filters))


def algebra_of(include: str, exclude: str) -> Any:
    """In one segment and not in another."""
    node = models.AlgebraNodeV1
    return node(
        _and=[node(audience_segment_id=include), node(_not=node(audience_segment_id=exclude))],
    )
