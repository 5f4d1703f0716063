"""Leave out predictors that the planner chose itself and that follow exactly from the others: a fee from the
plan.

A model that was asked for without its predictors takes all columns that can be used. Where one of them is
determined by others it could not be fitted; where the outcome is, there is nothing to explain.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jobs.analysis.catalogue import PREDICTORS
from jobs.analysis.numerics.linear_model import DependentColumns, fit_model
from jobs.analysis.planning.clarify import rather_ask
from jobs.analysis.planning.model_notes import NONE_NAMED, listed
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.models import Explaining, Floats, ModelSample, explaining, load
from jobs.analysis.tables.columns import Column
from jobs.errors import TooFewValues, UnsuitableData

MOST_ROWS = 200_000  # above, the model itself tells
EXACT = 1.0 - 1e-12  # share of the variance


def without_determined(plan: Plan, columns: Sequence[Column], parquet: Path) -> Plan:
    """Return the plan without the predictors that others determine, if they were not named.

    Parameters
    ----------
    plan : Plan
        Any; one whose predictors were named, or that is no model, comes back.
    columns : sequence of Column
        Of the table.
    parquet : Path
        The typed table.
    """
    chosen = any(note.startswith(NONE_NAMED) for note in plan.notes)
    if not chosen or plan.needs_clarification or columns[0].rows > MOST_ROWS:
        return plan
    try:
        sample = load(plan, parquet, {})
    except (UnsuitableData, TooFewValues):
        return plan
    kept, gone, exact = _told_apart(sample)
    if exact:
        why = (
            f"'{sample.outcome}' follows exactly from other columns, as a sum does from its parts; name the "
            "predictors."
        )
        return replace(rather_ask(plan, why), alternatives=plan.alternatives)
    return _with(plan, kept, gone, columns) if gone else plan


def _told_apart(sample: ModelSample) -> tuple[list[str], list[str], bool]:
    """Return the predictors to keep, those that others determine, and whether they determine the outcome."""
    # Of a category and a number that goes with it, the category says more.
    kept = sorted(sample.predictors, key=lambda one: not one.levels)
    gone: list[str] = []
    while kept:
        steps = [one.name for one in kept for _ in one.columns]
        try:
            model = fit_model(_design(kept), sample.values)
        except DependentColumns as error:
            gone.append(steps[error.place])
            kept = [one for one in kept if one.name != gone[-1]]
            continue
        return [one.name for one in kept], gone, model.r_squared > EXACT
    return [], gone, False


def _design(kept: Sequence[Explaining]) -> tuple[Floats, ...]:
    return tuple(column for one in kept for column in one.columns)


def _with(plan: Plan, kept: Sequence[str], gone: Sequence[str], columns: Sequence[Column]) -> Plan:
    names = [name for name in explaining(plan.columns) if name in kept]
    given = {"outcome": plan.columns["outcome"], **dict(zip(PREDICTORS, names, strict=False))}
    left = listed([column for column in columns if column.name in gone])
    follows = "it follows" if len(gone) == 1 else "they follow"
    note = f"Left out, since {follows} exactly from the others: {left}."
    before = listed(
        [column for name in explaining(plan.columns) for column in columns if column.name == name]
    )
    used = listed([column for column in columns if column.name in names])
    notes = tuple(
        f"{NONE_NAMED}, so all columns that can be used were taken: {used}."
        if one.startswith(NONE_NAMED)
        else one
        for one in plan.notes
    )
    because = plan.because.replace(before, used)
    return replace(plan, columns=given, because=because, notes=(notes[0], note, *notes[1:]))
