"""The switches of contact lists: what Criteo's documents leave open about identifiers and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from reconciler.emulator.positions import Range


@dataclass(frozen=True, kw_only=True, slots=True)
class ListSwitches:
    """The emulator's answers to the open points about contact lists."""

    most_identifiers: Annotated[
        int,
        Range(lowest=1, highest=50_000, tried=(1_000,)),
        "The most identifiers of a contact-list call before it is refused whole.",
    ] = 50_000
    too_many_identifiers: Annotated[
        Literal[400, 413], "The status of a contact-list call with too many identifiers."
    ] = 400
    missing_identifier_type: Annotated[
        Literal["email", "refuse"], "Whether identifiers without a type are e-mail addresses, or end in 400."
    ] = "email"
    all_invalid: Annotated[
        Literal[200, 400], "The status of a contact-list call in which no identifier is well-formed."
    ] = 200
    duplicates: Annotated[
        Literal["each", "once"], "How often an identifier counts that stands in a call several times."
    ] = "each"
    upper_case_hex: Annotated[
        Literal["valid", "invalid"], "Whether a digest in upper-case hexadecimal is well-formed."
    ] = "valid"
    forms: Annotated[
        Literal["meet", "apart"],
        "Whether a plain value and its SHA-256 are one member, so that either form removes the other.",
    ] = "meet"
    unknown_list: Annotated[Literal[404, 403], "The status of a contact-list call for a list that is not there."] = 404
    counters: Annotated[
        Literal["after_runs", "at_once"],
        "Whether sizes and statistics change with the processing runs at 00:00 and 12:00 UTC, or with each call.",
    ] = "after_runs"
    match_rate: Annotated[
        float,
        Range(lowest=0, highest=1, tried=(0.0, 1.0)),
        "The share of identifiers that Criteo recognises, around which lists and identifier types differ.",
    ] = 0.64
    gum_caller: Annotated[
        Literal["optional", "needed"], "Whether identifiers of GUM without `gumCallerId` are taken, or end in 400."
    ] = "optional"
    phone_numbers: Annotated[
        Literal["taken", "india"], "Whether every advertiser's telephone numbers are taken, or those of India's alone."
    ] = "taken"
    email_digests: Annotated[
        Literal["all", "sha256"], "Whether digests of e-mail addresses by MD5 are well-formed beside those by SHA-256."
    ] = "all"
    other_digests: Annotated[
        Literal["invalid", "valid"],
        "Whether digests in Base64, and digests of identifiers of devices, are well-formed.",
    ] = "invalid"
    madid_case: Annotated[
        Literal["apart", "meet", "lower"],
        "Whether an identifier of a device in capitals is another than in small letters, the same, or malformed.",
    ] = "apart"
    valid_counts: Annotated[
        Literal["well_formed", "recognised"],
        "Whether an answer calls those identifiers valid that are well-formed, or of them those that Criteo knows.",
    ] = "well_formed"
    invalid_sample: Annotated[
        int,
        Range(lowest=0, highest=50_000, tried=(0, 1_000)),
        "The most malformed identifiers that an answer shows.",
    ] = 10
    remove_absent: Annotated[
        Literal["valid", "invalid"],
        "Whether the removal of an identifier that is not on the list counts as that of any other, or as invalid.",
    ] = "valid"
    figures: Annotated[
        Literal["exact", "rounded", "hidden"],
        "Whether statistics and sizes of contact lists are exact, cut to hundreds, or 0 below 1,000.",
    ] = "exact"
