"""What a workspace says of one resource, resolved: windows written out, references followed, defaults filled in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from reconciler.config.meaning import definition_of
from reconciler.config.names import audience_name, list_name, slice_names
from reconciler.desired import Desired, resolve
from reconciler.errors import Usage
from reconciler.explain.conditions import with_window
from reconciler.model.address import Address, ad_set_address, audience_address, segment_address
from reconciler.model.algebra import Formula, bare
from reconciler.model.codec import condition_to_dict, period_to_dict
from reconciler.model.conditions import Condition, Group, SegmentRef
from reconciler.model.lint import Ignore
from reconciler.model.offers import Offer, discount_text
from reconciler.model.time import Window
from reconciler.model.workspace import AudienceConfig, SegmentConfig, Workspace
from reconciler.plan.definitions import readable
from reconciler.report.document import clean
from reconciler.report.shown_exclusions import standing_for_many, written
from reconciler.report.shown_kinds import address_of, brief, grown, told

FORMAT_VERSION = "1.0"
Document = dict[str, Any]
_AD_SET = re.compile(r'ad_set\[["\']?([0-9]+)["\']?\]|([0-9]+)')


@dataclass(frozen=True, slots=True)
class Shower:
    """Finds what a name means in a workspace, and tells all about it."""

    workspace: Workspace
    desired: Desired
    segments: dict[str, SegmentConfig]
    audiences: dict[str, AudienceConfig]
    criteos: dict[str, SegmentConfig]

    @classmethod
    def of(cls, workspace: Workspace) -> Shower:
        """For a workspace without problems."""
        segments = {each.key: each for each in workspace.segments}
        audiences = {each.key: each for each in workspace.audiences}
        criteos = {each.key: each for each in workspace.criteo_segments}
        return cls(workspace, resolve(workspace), segments, audiences, criteos)

    def show(self, name: str) -> Document:
        """A segment, slice, audience or ad set, by its address or key, as `schemas/show.schema.json` describes it.

        Raises Usage where nothing, or more than one thing, is called that.
        """
        found = list(self._meant(name))
        if not found:
            close = difflib.get_close_matches(name, self._names(), n=1)
            hint = f"Did you mean `{close[0]}`?" if close else "`reconciler show` lists what there is."
            raise Usage("There is nothing of that name.", f"`{clean(name)}` is in no file of the workspace.", hint)
        if len(found) > 1:
            both = " and ".join(f"`{each['address']}`" for each in found)
            raise Usage("The name means more than one thing.", f"There are {both}.", "Write the whole address.")
        return {"format_version": FORMAT_VERSION, **found[0]}

    def _names(self) -> list[str]:
        lists = [f"{key}.{part.name}" for key, each in self.segments.items() for part in each.slices]
        keys = [*self.segments, *self.criteos, *self.audiences, *lists]
        return [
            *keys,
            *(f"segment.{each}" for each in (*self.segments, *self.criteos, *lists)),
            *map(audience_address, self.audiences),
            *(each.lists[0].address for each in self.desired.exclusions),
        ]

    def _meant(self, name: str) -> Iterator[Document]:
        key, _, part = name.removeprefix("segment.").partition(".")
        segment = self.segments.get(key) if not name.startswith("audience.") else None
        if segment is not None and (not part or part in slice_names(segment)):
            yield self._segment(segment, part or None)
        criteos = self.criteos.get(name.removeprefix("segment.")) if not name.startswith("audience.") else None
        if criteos is not None:
            yield self._criteos(criteos)
        yield from standing_for_many(name, self.desired, self._used)
        audience = self.audiences.get(name.removeprefix("audience."))
        if audience is not None and not name.startswith("segment."):
            yield self._audience(audience)
        ad_set = _AD_SET.fullmatch(name)
        yield from self._ad_set(ad_set[1] or ad_set[2]) if ad_set else ()

    def overview(self) -> Document:
        """Every segment and audience on a line of its own."""
        settings = self.workspace.settings
        return {
            "format_version": FORMAT_VERSION,
            "workspace": settings.workspace,
            "advertiser": settings.advertiser,
            "segments": [
                *(self._brief(each) for each in self.segments.values()),
                *(brief(each, self._uses(address_of(each)), written(each.place)) for each in self.criteos.values()),
            ],
            "audiences": [
                {
                    "address": audience_address(each.key),
                    "name": clean(audience_name(each)),
                    "include": list(each.include),
                    "exclude": list(each.exclude),
                    **_algebra(each.algebra),
                    "ad_sets": list(each.ad_sets),
                    "written": written(each.place),
                }
                for each in self.audiences.values()
            ],
        }

    def _brief(self, each: SegmentConfig) -> Document:
        return {
            "address": segment_address(each.key),
            "name": clean(each.name or each.key) if each.publish else None,
            "slices": {part.name: str(part.window) for part in each.slices},
            "audiences": self._uses(segment_address(each.key)),
            "written": written(each.place),
        }

    def _criteos(self, each: SegmentConfig) -> Document:
        address = address_of(each)
        used = {"segments": list(self._grown(address)), "audiences": list(self._audiences_with(address, None))}
        return {**told(each), "written": written(each.place), "used_by": used}

    def _grown(self, address: Address) -> Iterator[Document]:
        for other in grown(address, self.criteos.values()):
            yield {"address": segment_address(other.key), "written": written(other.place)}

    def _segment(self, each: SegmentConfig, part: str | None) -> Document:
        window = next((piece.window for piece in each.slices if piece.name == part), None)
        definition = definition_of(each, self.segments)
        who = with_window(each.condition, window)
        parts = [part] if part else slice_names(each)
        address = segment_address(each.key, part)
        return {
            "address": address,
            "written": written(each.place),
            "description": _clean(each.description),
            "owner": _clean(each.owner),
            "published": each.publish,
            "lists": [self._list(each, name) for name in parts] if each.publish else [],
            "consent": "exempt" if each.suppression else "required" if self._asks_consent() else "not asked for",
            "reason": _clean(each.reason),
            "active": period_to_dict(each.active) if each.active else None,
            "expected_members": _expected(each),
            "allow_empty": each.allow_empty,
            "who": readable(condition_to_dict(who)),
            "digest": definition.digest,
            "lint_ignored": _ignored(each.ignored),
            "exclusive": list(self._kept_apart(address)),
            "tests": list(self._tests(each.key, part, is_audience=False)),
            "refers_to": [self._referred(key) for key, _ in definition.segments],
            "used_by": {
                "segments": [
                    *(
                        {"address": segment_address(other.key), "written": written(other.place)}
                        for other in self.segments.values()
                        if any(_is_or_holds(ref, each.key, part) for ref in _references(other.condition))
                    ),
                    *self._grown(address),
                ],
                "audiences": list(self._audiences_with(address, part)),
            },
        }

    def _asks_consent(self) -> bool:
        return self.workspace.settings.source.customers.consent is not None

    def _list(self, each: SegmentConfig, name: str | None) -> Document:
        window: Window | None = next((part.window for part in each.slices if part.name == name), None)
        told = {"window": str(window)} if window else {}
        return {"address": segment_address(each.key, name), "name": clean(list_name(each, name)), **told}

    def _kept_apart(self, address: Address) -> Iterator[Document]:
        """The groups of which nobody may be in two."""
        for each in self.workspace.exclusive:
            if any(one == address or one.startswith(f"{address}.") for one in each.segments):
                yield {
                    "name": clean(each.name or each.label),
                    "segments": list(each.segments),
                    "written": written(each.place),
                }

    def _tests(self, key: str, part: str | None, *, is_audience: bool) -> Iterator[Document]:
        """The tests that expect somebody in it, or nobody."""
        for test in self.workspace.tests:
            asked = (each for each in test.expectations if (each.key, each.audience) == (key, is_audience))
            if any(part is None or each.slice in (None, part) for each in asked):
                yield {"name": clean(test.name), "written": written(test.place)}

    def _referred(self, key: str) -> Document:
        each = self.segments[key]
        who = readable(condition_to_dict(each.condition))
        return {"address": segment_address(key), "who": who, "written": written(each.place)}

    def _uses(self, address: Address) -> int:
        return sum(1 for _ in self._audiences_with(address, None))

    def _audiences_with(self, address: Address, part: str | None) -> Iterator[Document]:
        """The audiences that include or exclude a list, or any list of a segment."""
        for each in self.desired.audiences:
            for how, lists in (("include", each.include), ("exclude", each.exclude)):
                found = [one for one in lists if one == address or (part is None and one.startswith(f"{address}."))]
                if found:
                    told = {"address": each.address, "how": how, "lists": found, "ad_sets": list(each.ad_sets)}
                    yield {**told, "written": written(each.place)}

    def _audience(self, each: AudienceConfig) -> Document:
        wanted = next(other for other in self.desired.audiences if other.key == each.key)
        by_all = set(self.workspace.always_exclude) - {key for key, _ in each.excepted} - set(each.exclude)
        return {
            "address": wanted.address,
            "written": written(each.place),
            "name": clean(wanted.name),
            "description": _clean(each.description),
            "owner": _clean(each.owner),
            "active": period_to_dict(each.active) if each.active else None,
            "include": [self._used(address) for address in wanted.include],
            "exclude": [{**self._used(address), "always": _is_of(address, by_all)} for address in wanted.exclude],
            **_algebra(wanted.algebra),
            "offer": _offer(each.offer),
            "lint_ignored": _ignored(each.ignored),
            "tests": list(self._tests(each.key, None, is_audience=True)),
            "not_excluded": {key: clean(why) for key, why in each.excepted},
            "ad_sets": list(each.ad_sets),
        }

    def _used(self, address: Address) -> Document:
        for other in self.criteos.values():
            if address_of(other) == address:
                name = told(other)["name"] or other.key
                return {"address": address, "name": name, "written": written(other.place)}
        key, _, part = address.removeprefix("segment.").partition(".")
        each = self.segments[key]
        return {"address": address, "name": clean(list_name(each, part or None)), "written": written(each.place)}

    def _ad_set(self, number: str) -> Iterator[Document]:
        for each in self.audiences.values():
            if number in each.ad_sets:
                audience = {"address": audience_address(each.key), "name": clean(audience_name(each))}
                yield {"address": ad_set_address(number), "audience": {**audience, "written": written(each.place)}}


def _references(condition: Condition) -> Iterator[SegmentRef]:
    if isinstance(condition, SegmentRef):
        yield condition
    elif isinstance(condition, Group):
        for member in (*condition.all, *condition.any, *condition.none):
            yield from _references(member)


def _is_or_holds(reference: SegmentRef, key: str, part: str | None) -> bool:
    return reference.key == key and (part is None or reference.slice in (None, part))


def _is_of(address: Address, references: set[str]) -> bool:
    """Whether a list is one that the references stand for."""
    name = address.removeprefix("segment.")
    return name in references or name.partition(".")[0] in references


def _algebra(formula: Formula | None) -> Document:
    return {"algebra": bare(formula)} if formula else {}


def _expected(each: SegmentConfig) -> Document | None:
    limits = each.expected_members
    if limits is None:
        return None
    return {key: value for key in ("at_least", "at_most") if (value := getattr(limits, key)) is not None}


def _ignored(ignored: Iterable[Ignore]) -> Document:
    return {each.rule: clean(each.reason) for each in ignored}


def _offer(offer: Offer | None) -> Document | None:
    if offer is None:
        return None
    at = {"ladder": offer.ladder, "touch": offer.touch} if offer.ladder else {}
    return {"discount": discount_text(offer.discount), **at}


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text)
