"""The document as a comment on a pull request: the summary first, a table, the details folded, within a budget."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from reconciler.report.document import (
    Document,
    calls_line,
    change_text,
    conditions,
    counted,
    cycle_line,
    definition_twins,
    moved,
    moving,
    source_lines,
    summary_lines,
    verdict,
)
from reconciler.report.lint import plan_lines
from reconciler.report.sizes import size_words

BUDGET = 60_000
"""Characters. GitHub refuses a comment of more than 65,536, and whoever posts it adds a line or two."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#@~])")


def render_markdown(doc: Document, *, budget: int = BUDGET) -> str:
    """The plan as Markdown of at most `budget` characters; what had to be cut is said at the top."""
    head, rest = _head(doc), list(_blocks(doc))
    if _size(head, rest) <= budget:
        return _joined(head, rest)
    kept: list[str] = []
    notice = _notice(0, len(rest))
    for block in rest:
        fitting = _shortened(block, budget - _size([*head, notice], kept) - 2)
        if fitting is None:
            break
        kept.append(fitting)
        if fitting != block:
            break
    return _joined([head[0], _notice(len(kept), len(rest)), *head[1:]], kept)


def _notice(kept: int, whole: int) -> str:
    return (
        f"> [!WARNING]\n> **This comment is cut.** It shows {kept:02d} of {whole:02d} parts, the last one perhaps not "
        f"whole. The full plan is in the output of the run."
    )


def _size(head: list[str], blocks: list[str]) -> int:
    return len(_joined(head, blocks))


def _joined(head: list[str], blocks: list[str]) -> str:
    return "\n\n".join([*head, *blocks]) + "\n"


def _shortened(block: str, room: int) -> str | None:
    """A block that fits: whole, or without its last lines; None when not even its frame does."""
    if len(block) <= room:
        return block
    end = ("\n\n_cut here_\n\n</details>") if block.startswith("<details>") else "\n\n_cut here_"
    if block.endswith("\n```\n\n</details>"):
        end = "\n```" + end
    lines = block.split("\n")
    length = len(end)
    kept = []
    for line in lines:
        length += len(line) + 1
        if length > room:
            break
        kept.append(line)
    return "\n".join(kept) + end if len(kept) > 5 else None


def _head(doc: Document) -> list[str]:
    plan, members = summary_lines(doc)
    said = verdict(doc)
    place = f"{_escaped(doc['workspace'])} as of {doc['as_of']}"
    return [f"**{plan}**<br>\n**{members}**", f"{said} {place}." if said else f"{place}."]


def _blocks(doc: Document) -> Iterator[str]:
    yield from _listed(
        "Blocked",
        (f"`!` {_code(each['address'])} ({each['guard']}): {_sentence(each)}" for each in doc["blocks"]),
    )
    yield from _table(doc)
    yield from _folded("Changes", _diff(_changes(doc)))
    yield from _folded("Changed at Criteo since we last wrote", _diff(_drift(doc)))
    yield from _folded("Members", _members(doc))
    if not doc["summary"]["empty"] or doc["blocks"]:
        yield from _folded("Source", [f"- {_escaped(line)}" for line in source_lines(doc)])
    yield from _listed("Cycles", (_escaped(cycle_line(cycle)) for cycle in doc["cycles"]))
    yield from _listed("Notes", map(_prose, doc["notes"]))
    yield from _folded(_lint_title(doc), [f"- {_prose(line)}" for _, line in plan_lines(doc)])
    if not doc["summary"]["empty"]:
        yield calls_line(doc)


def _lint_title(doc: Document) -> str:
    counts = doc.get("lint", {}).get("summary", {})
    told = [
        f"{count:,} {word}{'s' if count > 1 and word != 'ignored' else ''}" for word, count in counts.items() if count
    ]
    return f"Lint: {', '.join(told)}"


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    body = "\n".join(f"- {line}" for line in lines)
    if body:
        yield f"### {title}\n\n{body}"


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    body = "\n".join(lines)
    if body:
        yield f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def _table(doc: Document) -> Iterator[str]:
    members, sizes = {each["address"]: each for each in moving(doc)}, size_words(doc)
    rows = [_row(each, members.get(each["address"]), sizes) for each in doc["resources"]]
    title, line = (" Criteo's size |", "--:|") if sizes else ("", "")
    if rows:
        yield "\n".join((f"| | resource | name | owner | members |{title}", f"|---|---|---|---|---|{line}", *rows))


def _row(each: Document, members: Document | None, sizes: Mapping[str, str]) -> str:
    cells = (
        f"`{each['sign']}`" if each["sign"].strip() else "",
        _code(each["address"]),
        _escaped(each["name"]),
        _escaped(each["owner"] or ""),
        moved(members["sent"]) if members else "",
        *((sizes.get(each["address"], ""),) if sizes else ()),
    )
    return f"| {' | '.join(cells)} |"


def _diff(lines: Iterable[str]) -> list[str]:
    body = list(lines)
    return ["```diff", *body, "```"] if body else []


def _changes(doc: Document) -> Iterator[str]:
    twins = definition_twins(doc)
    for each in doc["resources"]:
        if not each["changes"]:
            continue
        twin = twins.get(each["address"])
        yield f"# {each['sign']} {each['address']}" + (
            f" (reason: {_fenced(each['reason'])})" if each["reason"] else ""
        )
        for change in each["changes"]:
            if twin is None or change not in conditions(each):
                yield f"{_sign(change)} {_fenced(change_text(change))}"
        if twin:
            yield f"! definition: as in {twin}"


def _drift(doc: Document) -> Iterator[str]:
    for each in doc["resources"]:
        if each["drift"]:
            yield f"# {each['address']}"
            yield from (f"{_sign(change)} {_fenced(change_text(change))}" for change in each["drift"])


def _sign(change: Document) -> str:
    return "-" if change["after"] is None else "+" if change["before"] is None else "!"


def _members(doc: Document) -> Iterator[str]:
    rows = [_member_row(each) for each in moving(doc)]
    if rows:
        yield "| list | before | after | by this change | by time and data | removed | held back | left out |"
        yield "|---|--:|--:|--:|--:|---|--:|---|"
        yield from rows


def _member_row(each: Document) -> str:
    held = moved(each["held_back"]) if sum(each["held_back"].values()) else ""
    cells = (
        _code(each["address"]),
        f"{each['before']:,}",
        f"{each['after']:,}",
        moved(each["by_change"]),
        moved(each["by_time"]),
        counted(each["removed_by"]),
        held,
        counted(each["left_out"]),
    )
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """Words of somebody else, without any meaning in Markdown or HTML, and calling nobody by an at sign."""
    return _SPECIAL.sub(r"\\\1", text).replace("\\@", "&#64;").replace("\\<", "&lt;").replace("\\>", "&gt;")


def _sentence(block: Document) -> str:
    """A block's message; that of a frozen list quotes the source's own words."""
    message: str = block["message"]
    return _escaped(message) if block["guard"] == "frozen" else _prose(message)


def _prose(text: str) -> str:
    """A sentence of ours, whose code spans stay."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") and part.endswith("`") else _escaped(part) for part in parts)


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def _fenced(text: str) -> str:
    return text.replace("```", "'''")
