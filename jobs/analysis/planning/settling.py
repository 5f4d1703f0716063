"""Turn a reading into a plan, or ask back where words were not understood."""

from collections.abc import Sequence
from dataclasses import replace

from jobs.analysis.catalogue import intent_of
from jobs.analysis.planning import clarify, doubts, selection
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import Reading
from jobs.analysis.results.result import Plan

LEAST_CONFIDENCE = 0.55  # below, the plan asks back


def settled(
    reading: Reading,
    linked: Linked,
    others: Sequence[Reading] = (),
    *,
    notes: Sequence[str] = (),
    explicit: bool = False,
    between: str = "",
) -> Plan:
    """Return the plan for a reading; where words select rows or were not understood, one that asks back.

    Parameters
    ----------
    others : readings that are offered besides
    explicit : the question names the method, which the data must not change
    between : the text between two columns, which may ask for a quotient
    """
    offered = clarify.alternatives((reading, *others))
    if reading.problem is not None:
        return clarify.ask(linked, clarify.sentence(reading.problem), offered, 0.3)
    why = doubts.restricted_to(linked) or selection.selected_rows(linked)
    why = why or selection.other_statistic(linked, reading, between)
    if why is not None:
        return clarify.ask(linked, why, offered, 0.4)
    confidence, doubt = doubts.confidence_in(linked)
    if confidence < LEAST_CONFIDENCE:
        return clarify.ask(linked, doubt, offered, confidence)
    plan = Plan(
        intent_of(reading.method, reading.columns),
        reading.method,
        reading.columns,
        round(confidence, 2),
        clarify.sentence(reading.because),
        clarify.read_as(linked),
        tuple(one.as_alternative(confidence * 0.4) for one in others if one.problem is None),
        params=reading.params,
        notes=(*notes, *([doubt] if doubt else [])),
    )
    return replace(plan, explicit=True) if explicit else plan
