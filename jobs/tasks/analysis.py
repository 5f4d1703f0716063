"""The kind `analysis`: a table and a question give statistics, words, figures and a script."""

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from jobs import pace, projects, sessions
from jobs.analysis.dry_run import DryRun, tell
from jobs.analysis.listing import Method, methods
from jobs.celery import app
from jobs.errors import BadInput, NotFound
from jobs.job import Job, Params, Run
from jobs.records import Record
from jobs.session import Session

if TYPE_CHECKING:
    from jobs.analysis.results.asked import Question
    from jobs.analysis.results.condition import Asked, Comparison
    from jobs.analysis.results.result import Analysis

LONGEST_QUESTION = 2_000
MOST_ROLES = 60  # a matrix of fifty columns, written one by one
MOST_VALUES = 10
MOST_CONDITIONS = 20


Value = bool | float | str


class Compared(BaseModel):
    """A condition on a column that is more than a list of the values that are meant."""

    model_config = ConfigDict(extra="forbid")

    is_not: Value | tuple[Value, ...] | None = Field(None, description="Every other value is meant.")
    at_least: float | str | None = Field(None, description="A number, or a date such as 2026-03-01.")
    more_than: float | str | None = None
    at_most: float | str | None = None
    less_than: float | str | None = None


class AnalysisParams(Params):
    """What to analyse, and what to find out."""

    session: str = Field(description="The session that holds the table.")
    file: str | None = Field(None, description="The table's file; not needed when the session has one file.")
    sheet: str | None = Field(None, max_length=200, description="Of a workbook; else its first table.")
    question: str | None = Field(None, max_length=LONGEST_QUESTION, description="In plain words.")
    method: str | None = Field(None, description="With `columns`: compute exactly this.")
    columns: dict[str, str | tuple[str, ...]] | None = Field(
        None,
        max_length=MOST_ROLES,
        description="Role to column, such as outcome and group; predictors, factors and such take a list.",
    )
    params: dict[str, float | str] | None = Field(
        None, max_length=MOST_VALUES, description="With `method`: the values that it needs, such as mu."
    )
    where: dict[str, Value | tuple[Value, ...] | Compared] | None = Field(
        None,
        max_length=MOST_CONDITIONS,
        description="Only these rows: column to a value, a list of values, or a comparison; all must hold.",
    )
    confidence: float = Field(0.95, ge=0.5, le=0.999, description="Coverage of the intervals.")
    dry_run: bool = Field(
        False,
        description="Read the table and plan, and compute nothing: the results tell what would be computed, "
        "how long it would take, and how the columns were read. Goes without `webhook`.",
    )

    @model_validator(mode="after")
    def _columns_go_with_a_method(self) -> "AnalysisParams":
        if (self.columns is not None or self.params is not None) and self.method is None:
            raise ValueError(
                "`columns` and `params` go with `method`: say what to compute with them, or only ask"
            )
        return self

    @model_validator(mode="after")
    def _a_dry_run_tells_no_webhook(self) -> "AnalysisParams":
        if self.dry_run and self.webhook is not None:
            raise ValueError("a dry run is waited for and calls no webhook: leave `webhook` out of it")
        return self


class AnalysisSummary(BaseModel):
    """What a poller needs of an analysis; the whole of it is in results.json."""

    project: str
    headline: str
    apa: str | None
    method: str
    columns: dict[str, str]
    where: str | None
    rows: int
    rows_used: int
    pvalue: float | None = Field(description="Of the test that answers the question; null without one.")
    pvalue_corrected: float | None = Field(
        description="By Holm, for all questions asked of the same data in the session so far."
    )
    questions: int = Field(description="How many those are, with this one; 0 where no p-value answers it.")
    needs_clarification: bool
    plots: list[str]
    report: str = Field(description="The answer as a page, a file of the project.")
    script_verified: bool


class AnalysisAbout(BaseModel):
    """What there is to choose from."""

    methods: tuple[Method, ...]


def about() -> AnalysisAbout:
    """Return what a form for the parameters offers."""
    return AnalysisAbout(methods=methods())


def conditions(params: AnalysisParams) -> list["Asked"]:
    """Return each condition of `where` by column, comparison and values."""
    found: list[Asked] = []
    for column, given in (params.where or {}).items():
        if not isinstance(given, Compared):
            found.append((column, "is", _as_tuple(given)))
            continue
        for how, value in given:
            if value is not None:
                found.append((column, cast("Comparison", how), _as_tuple(value)))
    return found


def _as_tuple(given: Value | tuple[Value, ...]) -> tuple[Value, ...]:
    return given if isinstance(given, tuple) else (given,)


def check(params: AnalysisParams, owner: str) -> None:
    """Refuse at once what cannot become an analysis: it reads the file's head alone.

    Raises
    ------
    LonghaulError
        The session is unknown, the file is missing or no table, or the method or a column does not exist.
    """
    from jobs.analysis.catalogue import check_choice, check_params, numbered, require_columns, usual_name
    from jobs.analysis.tables.sniff import sniff

    session = sessions.find(owner, params.session)
    name = params.file or session.only_file()
    try:
        path = session.file(name)
    except NotFound as error:
        raise BadInput(str(error)) from error
    known = sniff(path, name=name, sheet=params.sheet).columns
    require_columns(params.where or (), known)
    if params.method is not None:
        method = usual_name(params.method)
        check_choice(method, numbered(params.columns or {}), known)
        check_params(method, params.params or {})


def tidy(record: Record) -> None:
    """Remove what the runs of an ended job have left half made; if it ended badly, all that it has made."""
    projects.tidy(record)
    if record.state != "SUCCESS":
        forget(record)


def discard(record: Record) -> None:
    """Remove what a job has made; its question counts for later ones no more."""
    projects.discard(record)
    forget(record)


def forget(record: Record) -> None:
    """Drop the question of a job from those that later ones are corrected for."""
    from jobs.analysis import questions

    with suppress(NotFound):
        session = sessions.find(record.owner, record.session or "")
        with session.changing() as change:
            questions.forget(session.questions, record.id)
            path = questions.path_of(session.questions, record.id)
            change.drop(path.relative_to(session.folder).as_posix())


def measure(params: AnalysisParams, owner: str) -> float | None:
    """Return the size of the table in bytes; None for a dry run, by which no other job is measured."""
    if params.dry_run:
        return None
    session = sessions.find(owner, params.session)
    return float(session.file(params.file or session.only_file()).stat().st_size)


@app.task(
    base=Job,
    name="jobs.analysis",
    queue_name="analysis",
    params=AnalysisParams,
    check=staticmethod(check),
    about=staticmethod(about),
    measure=staticmethod(measure),
    tidy=staticmethod(tidy),
    discard=staticmethod(discard),
    preload="jobs.analysis.run:preload",
)
def analysis(run: Run[AnalysisParams]) -> AnalysisSummary | DryRun:
    """Analyse a table."""
    return look_ahead(run) if run.params.dry_run else analyse(run)


def look_ahead(run: Run[AnalysisParams]) -> DryRun:
    """Tell what an analysis would do."""
    from jobs.analysis import outlook
    from jobs.analysis.catalogue import numbered
    from jobs.analysis.run import Choice

    session, params = run.session, run.params
    session.bring(session.tables)
    name = params.file or session.only_file()
    found = outlook.look_ahead(
        session.file(name),
        name=name,
        cache=session.tables,
        question=params.question,
        choice=Choice(params.method, numbered(params.columns or {}), params.params or {}, conditions(params)),
        sheet=params.sheet,
        report=run.report,
    )
    plan = found.plan if found.problem is None else None
    return tell(found, None if plan is None else pace.expect(plan, found.table.dataset))


def analyse(run: Run[AnalysisParams]) -> AnalysisSummary:
    """Analyse a table into a project of the session."""
    from jobs.analysis import run as domain
    from jobs.analysis.catalogue import numbered

    session, params = run.session, run.params
    session.bring(session.tables)
    name = params.file or session.only_file()
    with session.new_project(run.job_id, run.attempt) as folder:
        found = domain.analyse(
            session.file(name),
            folder,
            name=name,
            cache=session.tables,
            sheet=params.sheet,
            question=params.question,
            method=params.method,
            columns=None if params.columns is None else numbered(params.columns),
            params=params.params,
            where=conditions(params),
            level=params.confidence,
            others=partial(_note_question, session, run.job_id),
            report=run.report,
        )
    pace.note(found)
    return summary(found, session.project(run.job_id).name)


def _note_question(session: Session, job_id: str, question: "Question") -> tuple["Question", ...]:
    """Keep a question in the session; return the others."""
    from jobs.analysis import questions

    with session.changing():
        session.bring(session.questions)
        return questions.note(session.questions, job_id, question)


def summary(found: "Analysis", project: str) -> AnalysisSummary:
    """Return what a poller needs of a finished analysis."""
    from jobs.analysis.report import PAGE
    from jobs.analysis.results.condition import in_words

    several = found.multiplicity
    return AnalysisSummary(
        project=project,
        headline=found.interpretation.headline,
        apa=found.interpretation.apa,
        method=found.plan.method,
        columns=dict(found.plan.columns),
        where=in_words(found.plan.where) or None,
        rows=found.dataset.rows,
        rows_used=found.findings.sample.n_used,
        pvalue=several.pvalue if several else None,
        pvalue_corrected=several.holm if several else None,
        questions=several.questions if several else 0,
        needs_clarification=found.plan.needs_clarification,
        plots=[file for plot in found.plots for file in plot.files.values()],
        report=PAGE,
        script_verified=bool(found.script and found.script.verified),
    )
