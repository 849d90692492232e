"""The document as JSON text: stable keys, for scripts and pipelines."""

from __future__ import annotations

import json

from reconciler.report.document import Document


def render_json(doc: Document) -> str:
    """Indented, with a line end."""
    return json.dumps(doc, indent=2, ensure_ascii=False) + "\n"
