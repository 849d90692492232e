"""An explanation in a format, whatever was asked."""

from __future__ import annotations

import datetime as dt

from reconciler.explain.answers import Explained, Funnel, InAudience, Reach
from reconciler.explain.explain import Answers
from reconciler.report.explain import render_in_audience, render_person
from reconciler.report.explain_json import render_in_audience_json, render_person_json
from reconciler.report.funnel import render_funnels, render_funnels_json, render_reach, render_reach_json


def render_explanation(told: Answers, as_of: dt.datetime, *, colour: bool) -> str:
    """As text for people."""
    if isinstance(told, Reach):
        return render_reach(told, as_of, colour=colour)
    if funnels := tuple(each for each in told if isinstance(each, Funnel)):
        return render_funnels(funnels, as_of, colour=colour)
    if reached := tuple(each for each in told if isinstance(each, InAudience)):
        return render_in_audience(reached, colour=colour)
    return render_person([each for each in told if isinstance(each, Explained)], colour=colour)


def render_explanation_json(told: Answers, as_of: dt.datetime) -> str:
    """As JSON."""
    if isinstance(told, Reach):
        return render_reach_json(told, as_of)
    if funnels := tuple(each for each in told if isinstance(each, Funnel)):
        return render_funnels_json(funnels, as_of)
    if reached := tuple(each for each in told if isinstance(each, InAudience)):
        return render_in_audience_json(reached)
    return render_person_json([each for each in told if isinstance(each, Explained)])
