"""Names of what is measured, though in whole numbers, and not counted."""

import re

from jobs.analysis.tables.units import listed

MEASURED = frozenset(
    listed(
        "age ages year years yr yrs month months week weeks day days hour hours minute minutes "
        "second seconds time duration tenure price prices cost costs amount income salary score "
        "scores rating ratings rank grade grades points level levels scale size weight height "
        "length width distance speed temperature percent pct share dose"
    )
)


def words_of_measures(name: str) -> frozenset[str]:
    """Return the words of a column's name that say that it is measured: "years" of `years_of_service`."""
    return MEASURED.intersection(re.findall(r"[a-z]+", name.lower()))
