"""The description of every column of a table, which was made when its values were read."""

from jobs.analysis.results.described import ColumnProfile
from jobs.analysis.tables.ingest import Table
from jobs.progress import Progress, Report, silent


def profile(table: Table, *, report: Report = silent) -> tuple[ColumnProfile, ...]:
    """Return one profile a column, in the table's order.

    Quartiles are R's type 7, the standard deviation divides by n - 1, skewness and excess kurtosis are the
    bias-corrected G1 and G2 (R: `e1071::skewness(x, type = 2)`; they need 3 and 4 values that differ), the
    histogram follows Freedman and Diaconis (1981) with at most 60 bins. Missing values take no part.
    """
    columns = len(table.profile)
    report(Progress("profile", 35.0, "Describing the columns", None, 0, columns))
    report(Progress("profile", 55.0, "The columns are described", None, columns, columns))
    return table.profile
