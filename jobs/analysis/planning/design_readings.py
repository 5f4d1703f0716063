"""Read questions that one number by one group does not answer: changes, fixed numbers, several factors."""

from collections.abc import Sequence

from jobs.analysis.planning import (
    adjusted_readings,
    agreement_readings,
    factor_readings,
    interplay,
    repeated_readings,
    scan_readings,
    strata_readings,
    value_readings,
)
from jobs.analysis.planning.linking import Linked
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column


def read(raw: Linked, linked: Linked, names: Sequence[Column], columns: Sequence[Column]) -> Plan | None:
    """Return the plan of such a question, or None.

    Parameters
    ----------
    raw, linked : Linked
        The question with all columns found in it, and without faint ones and those that name the rows.
    names : sequence of Column
        The different columns of `linked`.
    """
    return (
        agreement_readings.read(raw, columns)
        or repeated_readings.read(raw, columns)
        or interplay.read(linked, names, columns)
        or value_readings.read(linked, names, columns)
        or factor_readings.read(linked, names)
        or adjusted_readings.read(linked, names)
        or strata_readings.read(linked, names)
        or scan_readings.read(linked, names, columns)
    )
