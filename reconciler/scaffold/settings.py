"""A proposal → the text of its `reconciler.yaml`."""

from __future__ import annotations

from reconciler.scaffold.proposal import CustomersProposal, EventsProposal, Proposal
from reconciler.scaffold.write import comment, word, words

QUESTION = "QUESTION: "
"""Marks what only the user knows, in comments and on the screen alike."""


def settings_text(workspace: str, advertiser: str, proposal: Proposal, always: tuple[str, ...]) -> str:
    """The whole file."""
    md5 = proposal.customers.hashed == "md5"
    parts = [
        comment("The settings. What is sent to Criteo stands in segments.yaml, what ad sets target in audiences.yaml."),
        "version: 1\n\n",
        comment("Written into the description of all that is made at Criteo, to find it again: choose it once."),
        f"workspace: {workspace}\n\n",
        f'advertiser: "{advertiser}"\n',
        "\ncriteo: { email_form: md5 }\n" if md5 else "",
        "\nsource:\n  customers:\n",
        _customers(proposal.customers, proposal),
        _events(proposal),
        "\n",
        comment("What was sent is remembered here, as hashes. Criteo never tells it: keep the folder, and back it up."),
        "state: .reconciler\n",
        *([f"\n{comment('Every audience excludes these.')}always_exclude: [{', '.join(always)}]\n"] if always else []),
    ]
    return "".join(parts)


def _customers(each: CustomersProposal, proposal: Proposal) -> str:
    lines = [
        f"table: {word(each.table.name)}",
        f"key: {word(each.key)}",
        *_asked(proposal, "customers"),
        f"identifiers: {_identifiers(each)}",
    ]
    if each.same_person:
        lines += ["# Some addresses stand in several rows. They are taken for one person, with all her events."]
        lines += [f"same_person: {word(each.same_person)}"]
    lines += _asked(proposal, "consent")
    if each.consent:
        lines += [
            "# Only who said yes is put on a list. Change `missing` to `refuse` if a blank means no for all records."
        ]
        lines += [f"consent: {{ column: {word(each.consent)}, missing: ignore }}"]
    return "".join(f"    {line}\n" for line in lines)


def _identifiers(each: CustomersProposal) -> str:
    parts = []
    if each.hashed:
        parts.append(f"email: {{ columns: [{', '.join(map(word, each.emails))}], hashed: {each.hashed} }}")
    elif each.emails:
        parts.append(f"email: {words(each.emails)}")
    if each.phones:
        parts.append(f"phoneNumber: {words(each.phones)}")
    return f"{{ {', '.join(parts)} }}"


def _events(proposal: Proposal) -> str:
    if not proposal.events:
        return ""
    if len(proposal.events) == 1:
        lines = [*_asked(proposal, "events[0]"), *_one(proposal.events[0])]
        return "  events:\n" + "".join(f"    {line}\n" for line in lines)
    text = "  events:\n"
    for number, each in enumerate(proposal.events):
        first, *rest = _one(each)
        text += "".join(f"    {line}\n" for line in _asked(proposal, f"events[{number}]"))
        text += f"    - {first}\n" + "".join(f"      {line}\n" for line in rest)
    return text


def _one(each: EventsProposal) -> list[str]:
    name = word(each.name) if each.name else f"{{ is: {word(each.kinds[0])} }}"
    lines = [f"table: {word(each.table.name)}", f"customer: {word(each.customer)}"]
    if each.emails:
        lines += ["# Orders of guests count for whoever has their address."] if each.customer not in each.emails else []
        lines += [f"identifiers: {{ email: {words(each.emails)} }}"]
    lines += [f"name: {name}", f"time: {word(each.time)}"]
    if each.fresh:
        limits = ", ".join(f"{word(kind)}: {age}" for kind, age in each.fresh)
        lines += ["# A feed that is older than this has dried up: its lists are left as they are until it is mended."]
        lines += [f"fresh_within: {{ {limits} }}"]
    return lines


def _asked(proposal: Proposal, about: str) -> list[str]:
    """The questions about a part, as lines of comment."""
    texts = (comment(f"{QUESTION}{question}", width=112) for question in proposal.asked(about))
    return [line for text in texts for line in text.splitlines()]
