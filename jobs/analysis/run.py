"""The whole analysis of one file: read, profile, plan, test, say, draw, and prove by a script."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from jobs.analysis import methods, plots, script
from jobs.analysis import report as reports
from jobs.analysis.design_catalogue import CASES
from jobs.analysis.interpret import interpret, without_figures
from jobs.analysis.multiplicity import Others, corrected, nothing_else, question_of
from jobs.analysis.planning import weighed
from jobs.analysis.planning.planner import explicit_plan
from jobs.analysis.planning.subjects import within_subjects
from jobs.analysis.planning.where import checked, narrowed
from jobs.analysis.results import results_file
from jobs.analysis.results.condition import Asked
from jobs.analysis.results.result import Analysis, Findings, Plan
from jobs.analysis.results.result import Sample as Used
from jobs.analysis.sampling import described_rows, samples
from jobs.analysis.sampling.designs import Design
from jobs.analysis.sampling.matrices import MatrixSample
from jobs.analysis.sampling.models import ModelSample
from jobs.analysis.sampling.samples import CrossSample, GroupedSample, PairedSample, Sample
from jobs.analysis.sampling.times import TimeSample
from jobs.analysis.tables.ingest import Table, ingest
from jobs.analysis.tables.profile import profile
from jobs.analysis.watched import moving
from jobs.progress import Progress, Report, silent

COMPUTING = 62.0  # percent of the whole analysis at which the sample is read
LIBRARIES = ("matplotlib", "numpy", "polars", "scipy")


def preload() -> None:
    """Load everything that an analysis needs, so that processes forked from this one share it."""
    plots.preload()
    reports.preload()


def analyse(  # noqa: PLR0913 - two places, and by keyword what a user may say
    source: Path,
    project: Path,
    *,
    name: str,
    cache: Path,
    question: str | None = None,
    method: str | None = None,
    columns: Mapping[str, str] | None = None,
    params: Mapping[str, float | str] | None = None,
    where: Sequence[Asked] = (),
    sheet: str | None = None,
    level: float = 0.95,
    others: Others = nothing_else,
    report: Report = silent,
) -> Analysis:
    """Analyse the table in `source`; leave its results, report, script and figures in `project`.

    Parameters
    ----------
    source : Path
        The file as it was uploaded.
    project : Path
        An empty folder that exists. results.json is written last: its presence means that all is there.
    name : str
        What the user calls the file; the script looks for it at `../files/<name>`.
    cache : Path
        Folder for typed tables, so that the next question on the same file does not read it again.
    question : str, optional
        In plain words; without one, and without `method`, the table is described.
    method, columns : optional
        A method's name and a column for each of its roles; they win over the question.
    params : optional
        What the method needs besides columns, such as the value to compare with.
    where : sequence of (column, comparison, values), optional
        Which rows the question is about; see `jobs.analysis.planning.where`.
    sheet : str, optional
        Of a workbook; without it the first that holds a table.
    level : float in (0, 1)
        Coverage of every interval.
    others : callable, optional
        Told the question and its p-value once they are known; returns the other questions that were asked of
        tables, for which the p-value is corrected.
    report : Report, optional
        Told how far it is, in percent that never falls; may raise to stop.

    Raises
    ------
    UnreadableTable, UnknownColumn, UnknownMethod, UnsuitableData, TooFewValues
        The file, the columns or the values cannot be used; the text says which and what to do.
    """
    clock = _Clock()
    rising = _Rising(report)
    with clock.measure("read"):
        table = ingest(source, cache, name=name, sheet=sheet, report=rising)
    with clock.measure("profile"):
        profile(table, report=rising)
    with clock.measure("plan"):
        rising(Progress("plan", 56.0, "Reading the question"))
        chosen = read_plan(table, question, Choice(method, columns or {}, params or {}, where))
    with clock.measure("test"):
        table, chosen, sample, findings = _test(chosen, table, level, rising)
    asked = question_of(chosen, findings, table.dataset, sheet=table.dialect.sheet)
    several = None if asked is None else corrected(asked, others(asked))
    interpretation = interpret(table.dataset, chosen, findings, table.profile, several, table.whole)
    path = project / script.NAME
    script.write(
        script.Recipe(table.dataset, table.dialect, table.columns, chosen, findings, table.profile), path
    )
    # The script reads and computes in a process of its own while the figures are drawn in this one.
    with script.started(path, source) as running:
        with clock.measure("figures"):
            drawn, undrawn = plots.draw_or_leave_out(
                chosen, sample, findings, table.profile, project, report=rising
            )
        with clock.measure("script"):
            rising(Progress("script", 90.0, "Waiting for the script"))
            written = running.judged(rows=table.dataset.rows, report=rising)
    analysis = Analysis(
        dataset=table.dataset,
        question=question,
        plan=chosen,
        profile=table.profile,
        findings=findings,
        interpretation=without_figures(interpretation, undrawn),
        plots=drawn,
        script=written,
        versions={library: version(library) for library in LIBRARIES},
        timings=dict(clock.seconds),
        multiplicity=several,
        table=table.whole,
    )
    with clock.measure("report"):
        rising(Progress("report", 99.0, "Writing the report"))
        reports.write(analysis, project)
    analysis = replace(analysis, timings=clock.seconds)
    results_file.write(analysis, project)
    rising(Progress("report", 99.0, "Results written"))
    return analysis


@dataclass(frozen=True)
class Choice:
    """What the asker has chosen beside the question."""

    method: str | None
    columns: Mapping[str, str]
    params: Mapping[str, float | str]
    where: Sequence[Asked]


def read_plan(table: Table, question: str | None, choice: Choice) -> Plan:
    """Return what to compute: what the asker has chosen, or how the question is read.

    Raises
    ------
    UnknownColumn, UnknownMethod, UnsuitableData
        The choice fits no method, or not these columns.
    """
    where = checked(choice.where, table.columns)
    if choice.method is not None:
        given, params = choice.columns, choice.params
        read = explicit_plan(
            choice.method, given, table.columns, question=question, params=params, where=where
        )
        read = weighed.warned(read, table.columns)
    else:
        read = weighed.read(question, narrowed(table.columns, where))
        read = replace(read, where=(*where, *(one for one in read.where if one not in where)))
    return within_subjects(read, table.columns, table.path)


def _test(chosen: Plan, table: Table, level: float, report: Report) -> tuple[Table, Plan, Sample, Findings]:
    """Read the columns of the plan, settle the method by their values and compute.

    The table comes back described in the rows that the plan is about, where it asks for no more.
    """
    rows, table = table.dataset.rows, described_rows.of_plan(table, chosen, report=report)
    if chosen.needs_clarification:
        return table, chosen, None, Findings(sample=Used(rows, rows))
    reading = Progress("test", 60.0, "Reading the columns of the question")
    units = {column.name: column.unit for column in table.columns}
    sample = moving(lambda: samples.load(chosen, table.path, units=units), report, reading, until=COMPUTING)
    if sample is None:
        used = table.profile[0].rows  # of a description
        rows = used if CASES in chosen.columns else rows
        dropped = {"outside the selection": rows - used} if used < rows else {}
        return table, chosen, None, Findings(sample=Used(rows, used, dropped))
    computing = Progress("test", COMPUTING, _doing(sample))
    chosen, findings = moving(lambda: _found(chosen, sample, level), report, computing, until=70.0)
    report(Progress("test", 70.0, "The numbers are computed"))
    return table, chosen, sample, findings


def _found(plan: Plan, sample: Sample, level: float) -> tuple[Plan, Findings]:
    chosen = methods.choose(plan, sample)
    return chosen, methods.run(chosen, sample, level=level)


def _doing(sample: Sample) -> str:
    match sample:
        case GroupedSample():
            return f"Comparing {len(sample.levels)} groups of {sample.outcome}"
        case PairedSample():
            return f"Relating {sample.y} to {sample.x}"
        case CrossSample():
            return f"Counting {sample.row} by {sample.column}"
        case Design():
            return sample.doing
        case ModelSample():
            return f"Modelling {sample.outcome} by {len(sample.predictors)} columns"
        case TimeSample():
            return f"Following {sample.outcome} over {sample.time}"
        case MatrixSample():
            return f"Correlating {len(sample.columns)} columns"
        case None:
            return "Describing the table"
        case _:
            return f"Describing {sample.outcome}"


class _Rising:
    """Passes reports on with a percentage that never falls."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._percent = 0.0

    def __call__(self, progress: Progress, /) -> None:
        self._percent = max(self._percent, progress.percent)
        self._report(replace(progress, percent=self._percent))


@dataclass
class _Clock:
    """Seconds that each stage took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Note how long the block takes."""
        begun = time.perf_counter()
        yield
        self.seconds[stage] = round(time.perf_counter() - begun, 4)
