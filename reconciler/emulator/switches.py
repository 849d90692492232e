"""What Criteo's documents leave open, each decided by a switch.

A field is a switch: its type lists the positions, the sentence beside them says what it decides, and its
default is what Criteo most probably does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Self

from reconciler.emulator.access import Window
from reconciler.emulator.list_switches import ListSwitches
from reconciler.emulator.positions import Position, Range, SwitchError, find, read_assignments, switches_of

FailedItems = Literal["errors", "warnings", "bad_request"]
"""Where a bulk call reports the items that failed.

`errors` and `warnings`: in that array of a 200, as two of Criteo's documents contradict each other.
`bad_request`: in `errors`, and the whole answer is a 400 when no item succeeded.
"""

FAILED_ITEMS: tuple[FailedItems, ...] = ("errors", "warnings", "bad_request")


@dataclass(frozen=True, kw_only=True, slots=True)
class Switches(ListSwitches):
    """The emulator's answers to the open points of Criteo's documentation."""

    failed_items: Annotated[
        FailedItems,
        "Where a bulk call reports the items that failed: in that array of a 200, or in the errors of a 400 when "
        "nothing succeeded.",
    ] = "errors"
    bulk_answers: Annotated[
        Literal["full", "ids"], "Whether a creation or an update answers with whole resources or with their ids."
    ] = "full"
    bulk_order: Annotated[
        Literal["as_sent", "sorted", "shuffled"], "The order of what a bulk call answers: sorted is by id."
    ] = "as_sent"
    bulk_cap: Annotated[
        int,
        Range(lowest=0, highest=100_000, tried=(10,)),
        "The most items that a bulk call may have before it is refused whole; 0 is no limit.",
    ] = 0
    repeated_ids: Annotated[
        Literal["in_turn", "once", "refuse"],
        "What becomes of an id that stands twice in a bulk call: each is carried out, the last one is, or the call "
        "is refused.",
    ] = "in_turn"
    item_codes: Annotated[
        Literal["not-found", "invalid", "unlisted"],
        "The codes of items that fail: where one is not there as Criteo's sister APIs have it, `invalid` for all, or "
        "words that stand on no list. A name that is taken has its own.",
    ] = "not-found"
    blame: Annotated[
        Literal["detail", "source", "instance", "nowhere"],
        "Where the problem of a failed item says which one it is about, if anywhere.",
    ] = "detail"
    type_in_requests: Annotated[
        Literal["optional", "needed"], "Whether a resource in a request has to tell its type, or ends in 400."
    ] = "optional"
    largest_body: Annotated[
        int,
        Range(lowest=1_000, highest=32 << 20, tried=(1_000_000,)),
        "The most bytes of a body before the call is a 413.",
    ] = 32 << 20
    search_order: Annotated[
        Literal["id", "newest_first", "name"], "The order in which a search of segments or audiences lists them."
    ] = "id"
    no_filters: Annotated[
        Literal["all", "none", "refuse"],
        "What a search without filters finds: everything accessible, nothing, or a 400.",
    ] = "all"
    inaccessible: Annotated[
        Literal["fewer", "forbidden"],
        "Whether a search for ids that are not there or not accessible finds fewer, or ends in 403.",
    ] = "fewer"
    empty_arrays: Annotated[
        Literal["empty", "null", "left_out"], "How errors and warnings look when there are none."
    ] = "empty"
    empty_data: Annotated[Literal["list", "null"], "How data looks when a list of results is empty."] = "list"
    other_versions: Annotated[
        Literal["fall_forward", "gone"],
        "Whether the audience paths of an API version that has ended are served as the current one, or end in 410.",
    ] = "fall_forward"
    deprecation_headers: Annotated[
        Literal["on", "off"], "Whether answers of a version near its end bear Deprecation and Sunset headers."
    ] = "on"
    wrong_credentials: Annotated[Literal[401, 400], "The token endpoint's status for a wrong id or secret."] = 401
    credentials_error: Annotated[
        Literal["invalid_client", "invalid_grant", "envelope"],
        "OAuth's word for a wrong id or secret, or Criteo's own envelope in the place of OAuth's shape.",
    ] = "invalid_client"
    unauthorized: Annotated[
        Literal["precise", "unknown", "empty"],
        "What a 401 tells: a code for each cause, `authorization-unknown` for all, or nothing, without a body.",
    ] = "precise"
    token_drift: Annotated[
        int,
        Range(lowest=-899, highest=86_400, tried=(-600, 15)),
        "Seconds by which a token dies later than its expires_in says; below 0, earlier.",
    ] = 0
    no_permission: Annotated[
        Literal["insufficient-advertiser-permissions", "insufficient-advertiser-permission"],
        "The code of a 403 for an advertiser that gave no consent.",
    ] = "insufficient-advertiser-permissions"
    longest_name: Annotated[
        int,
        Range(lowest=0, highest=100_000, tried=(100,)),
        "The most characters of a name before the item is refused; 0 is no limit.",
    ] = 0
    longest_description: Annotated[
        int,
        Range(lowest=0, highest=100_000, tried=(255,)),
        "The most characters of a description before the item is refused; 0 is no limit.",
    ] = 0
    plain_in_update: Annotated[
        Literal["refuse", "accept"],
        "Whether an update takes a nullable field without its wrapping, or ends in 400.",
    ] = "refuse"
    left_out: Annotated[
        Literal["unchanged", "cleared"],
        "Whether a nullable field that an update leaves out stays as it is, or becomes null.",
    ] = "unchanged"
    audience_names: Annotated[
        Literal["unique", "free"], "Whether two audiences of an advertiser may have one name; two segments never may."
    ] = "unique"
    day_ranges: Annotated[
        Literal["any", "ordered"],
        "Whether a segment whose smallest number of days is above its largest is taken or refused.",
    ] = "any"
    several_types: Annotated[
        Literal["refuse", "first"],
        "Whether a new segment that is of several types fails, or is of the first of them.",
    ] = "refuse"
    in_market_ids: Annotated[
        Literal["optional", "needed"],
        "Whether an in-market segment has to name interests and brands, if none, or the item fails.",
    ] = "optional"
    unlisted_ids: Annotated[
        Literal["taken", "refused"],
        "Whether an in-market segment may name interests and brands that are not listed for its country, or fails.",
    ] = "taken"
    kind_limits: Annotated[
        Literal["none", "tight"],
        "Whether definitions have limits: tight is 180 days, 100 points, 100 km, lookalikes of 10,000 to 10,000,000.",
    ] = "none"
    empty_seed: Annotated[
        Literal["taken", "refused"], "Whether a lookalike can grow from a contact list on which nobody was counted yet."
    ] = "taken"
    delete_in_use: Annotated[
        Literal["reject", "unlink", "leave"],
        "What the deletion of something in use does: the item fails, what uses it lets go of it, or goes on naming it.",
    ] = "reject"
    delete_unknown: Annotated[
        Literal["error", "ok"], "Whether the deletion of an id that is not there fails or counts as done."
    ] = "error"
    algebra: Annotated[
        Literal["any", "blocked_shapes", "builder_rules"],
        "Whether any tree is taken, three shapes that Criteo's audience builder blocks are refused, or a fourth "
        "level too.",
    ] = "any"
    algebra_lists: Annotated[
        Literal["filled", "distinct", "any"],
        "What `and` and `or` may join: anything but nothing, nothing twice either, or even nothing.",
    ] = "filled"
    algebra_nodes: Annotated[
        int,
        Range(lowest=0, highest=100_000, tried=(50,)),
        "The most nodes of an algebra before the item is refused; 0 is no limit.",
    ] = 0
    unknown_in_algebra: Annotated[
        Literal["segment-not-found", "invalid"],
        "The code of an item whose algebra names a segment that is not there or another advertiser's.",
    ] = "segment-not-found"
    failed_link: Annotated[
        Literal[400, 403, 404],
        "The status of a link to an audience or from an ad set that is not there or another advertiser's.",
    ] = 400
    audiences_deleted: Annotated[
        Literal[200, 204],
        "The status of a deletion of audiences in which no item failed; a 204 has no body.",
    ] = 200
    computable_sizes: Annotated[
        Literal["all", "estimable"],
        "Which segments' sizes can be computed: those of all, or those of the types that can be estimated; the "
        "others fail.",
    ] = "all"
    filter_based: Annotated[
        Literal["off", "on"],
        "Whether there is a segment of the type FilterBased, which one page of Criteo's shows and its schemas lack.",
    ] = "off"
    behavioral: Annotated[
        Literal["off", "on"], "Whether there is a behavioural segment, which Criteo alone can make."
    ] = "off"
    rate_window: Annotated[
        Window, "Whether the minute in which calls are counted is the clock's own, or the one before each call."
    ] = "fixed"
    rate_headers: Annotated[
        Literal["always", "on_429"], "Whether every answer tells what is left of the rate, or only a 429 does."
    ] = "always"
    rate_counts: Annotated[
        Literal["calls", "calls_and_tokens"], "Whether requests for a token count against the rate as calls do."
    ] = "calls"
    sizes_rate: Annotated[
        int,
        Range(lowest=0, highest=100_000, tried=(30,)),
        "Calls a minute of a limit of their own that calls for sizes and estimates have; 0 is none.",
    ] = 0
    too_many_calls: Annotated[
        Literal["problem", "empty", "page"],
        "The body of a 429: Criteo's problem, none, or a page of something in front of it.",
    ] = "problem"
    retry_after: Annotated[
        Literal["off", "on"], "Whether a 429 bears a Retry-After header too, which Criteo does not document."
    ] = "off"

    @classmethod
    def parse(cls, *texts: str) -> Self:
        """Read switches given as `name=value`, several in one text with commas between them.

        The last of one name counts. Raises `SwitchError` for a name or a position that is not there.
        """
        values: dict[str, Any] = {}
        for text in texts:
            values.update(read_assignments(cls, text))
        return cls(**values)

    def changed(self, values: Mapping[str, object]) -> Self:
        """Return these switches with others in their places; raises `SwitchError` as `parse` does."""
        read: dict[str, Any] = {name: find(type(self), name).read(str(value)) for name, value in values.items()}
        return replace(self, **read)

    def to_dict(self) -> dict[str, Position]:
        """Return the position of every switch."""
        return {name: getattr(self, name) for name in switches_of(type(self))}


__all__ = ["FAILED_ITEMS", "FailedItems", "SwitchError", "Switches", "switches_of"]
