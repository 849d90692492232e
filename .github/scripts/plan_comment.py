"""Turn a plan in Markdown into the body of the one comment that a pull request carries.

The plan's file is the first argument; the body goes to standard output. From the environment: COMMIT (the commit that
was planned), VALIDATED (how the job that validates ended), EXIT_CODE (of `reconciler plan`; empty where it never ran)
and RUN_URL (where the whole story can be read). Uses the standard library alone, so that the job that may write
comments installs nothing.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

MARKER = "<!-- reconciler plan -->"  # how the next run finds the comment again
LIMIT = 65_536  # GitHub's, of characters; bytes are counted here, which is never less
ROOM = LIMIT - 1_000  # what the notices leave for the plan

INVALID = "> [!CAUTION]\n> The workspace is invalid, so there is no plan. [The run]({url}) lists every problem.\n\n"
FAILED = "> [!CAUTION]\n> No plan could be made. [The run]({url}) says why.\n\n"
NOTICES = {
    "0": "",
    "3": "> [!WARNING]\n> A guard blocks part of this plan. Merging it would leave that part undone.\n\n",
    "78": INVALID,
}
CUT = (
    "\n\n> [!CAUTION]\n> **This plan is cut here: {missing:,} of {total:,} bytes are missing.** "
    "A comment has no room for more. [The run]({url}) has all of it, in its summary and as the file `plan.md`.\n"
)


def comment(plan: str, *, commit: str, validated: str, exit_code: str, url: str) -> str:
    """Return the body: the marker, what was planned, how it went, and as much of the plan as a comment can hold."""
    notice = NOTICES.get(exit_code, FAILED) if validated == "success" else INVALID
    head = f"{MARKER}\nPlan of `audiences/` at {commit}, by [this run]({url}).\n\n{notice.format(url=url)}"
    size = len(plan.encode())
    if size <= ROOM:
        return head + plan
    kept = whole_lines(plan, ROOM)
    return head + closed(kept) + CUT.format(missing=size - len(kept.encode()), total=size, url=url)


def whole_lines(text: str, size: int) -> str:
    """Cut to at most this many bytes, at the end of a line where there is one."""
    kept = text.encode()[:size].decode(errors="ignore")
    return kept.rpartition("\n")[0] or kept


def closed(markdown: str) -> str:
    """Close the code block and the folds that a cut has left open, so that what follows is seen."""
    fence = "\n```" if len(re.findall(r"^```", markdown, re.MULTILINE)) % 2 else ""
    folds = markdown.count("<details") - markdown.count("</details>")
    return markdown + fence + "\n</details>" * folds


if __name__ == "__main__":
    sys.stdout.write(
        comment(
            Path(sys.argv[1]).read_text(encoding="utf-8"),
            commit=os.environ["COMMIT"],
            validated=os.environ["VALIDATED"],
            exit_code=os.environ["EXIT_CODE"],
            url=os.environ["RUN_URL"],
        )
    )
