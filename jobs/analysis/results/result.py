"""What an analysis finds: the frozen values behind `results.json`, format `analysis-result/1`.

Numbers keep full precision; a value that does not exist is None, never NaN. Orders of lists are meaningful:
descriptives in the order of the groups, the primary test first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from jobs.analysis.results.asked import Multiplicity
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.described import ColumnProfile, TableProfile
from jobs.analysis.results.gaps import Gaps
from jobs.analysis.results.interval import Interval as Interval
from jobs.analysis.results.made import Plot as Plot
from jobs.analysis.results.made import Script as Script
from jobs.analysis.results.modelled import CorrelationMatrix, Model, Trend
from jobs.analysis.results.rated import Rated
from jobs.analysis.results.scanned import OutlierScan, Shape, Skipped
from jobs.analysis.results.stratified import Strata

FORMAT = "analysis-result/1"

TestRole = Literal["primary", "term", "sensitivity", "classic"]


@dataclass(frozen=True)
class Estimate:
    """A quantity in the data's own terms, such as a difference of means, and where it may lie."""

    name: str  # "mean difference", "Hodges-Lehmann shift", "correlation"
    value: float
    interval: Interval
    unit: str | None = None


@dataclass(frozen=True)
class Test:
    """One hypothesis test, two-sided unless its method says otherwise."""

    __test__ = False  # not a test case, whatever pytest thinks of the name

    role: TestRole
    method: str  # "welch_t_test"
    title: str  # "Welch's t test"
    symbol: str  # "t", "F", "chi2", "U", "H", "r", "rho"
    statistic: float
    df: tuple[float, ...]  # () where the test has none
    pvalue: float
    n: int
    estimate: Estimate | None = None
    exact: bool = False


@dataclass(frozen=True)
class EffectSize:
    """How large, free of units, with its interval, and the words for it by a named rule of thumb."""

    name: str  # "hedges_g", "omega_squared", "rank_biserial", "cramers_v"
    title: str  # "Hedges' g"
    value: float
    interval: Interval
    interval_method: str
    label: str | None = None  # "large"
    rule: str | None = None  # "Cohen 1988: .2/.5/.8"


@dataclass(frozen=True)
class Assumption:
    """One thing the method takes for granted, looked at: reported with its consequence, never a gate."""

    name: str  # "equal variances"
    verdict: Literal["holds", "doubtful", "not needed", "not checked"]
    consequence: str  # one sentence
    test: str | None = None  # "Brown-Forsythe"
    statistic: float | None = None
    pvalue: float | None = None
    magnitude: float | None = None  # e.g. the largest ratio of variances
    magnitude_name: str | None = None


@dataclass(frozen=True)
class Descriptive:
    """A sample in numbers. `group` is None for the whole of `column`."""

    column: str
    group: str | None
    n: int
    mean: float | None
    sd: float | None
    mean_interval: Interval | None
    minimum: float | None
    q1: float | None
    median: float | None
    q3: float | None
    maximum: float | None
    skewness: float | None = None


@dataclass(frozen=True)
class CrossTable:
    """Counts of two categories together; rows and columns in the order in which they are shown."""

    row: str
    column: str
    row_levels: tuple[str, ...]
    column_levels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    expected: tuple[tuple[float, ...], ...]
    adjusted_residuals: tuple[tuple[float | None, ...], ...]
    event: str | None = None  # of a 2 x 2 table: the column level whose share, odds and risk are compared,
    group: str | None = None  # in this row level
    reference: str | None = None  # with this one


@dataclass(frozen=True)
class Pairwise:
    """Two groups compared after an overall test, `difference` = mean(a) - mean(b), `pvalue` adjusted."""

    a: str
    b: str
    difference: float
    interval: Interval
    statistic: float
    df: float | None
    pvalue: float
    method: str  # "games_howell"


@dataclass(frozen=True)
class Line:
    """The least-squares line of y on x, drawn beside a correlation."""

    intercept: float
    slope: float
    slope_interval: Interval  # HC3 standard errors
    r_squared: float


@dataclass(frozen=True)
class Parabola:
    """The least-squares parabola of y on x: `turning_value` + `curvature` * (x - `turning_point`)**2."""

    turning_point: float
    turning_value: float
    curvature: float  # above 0 where the values are lowest at the turning point
    r_squared: float


@dataclass(frozen=True)
class Share:
    """How often a column has a level, and the share that it is compared with."""

    column: str
    level: str
    hits: int
    n: int
    value: float
    against: float
    interval: Interval


@dataclass(frozen=True)
class Factors:
    """Two factors and their levels; descriptives hold the cells, the second factor running faster."""

    first: str
    second: str
    first_levels: tuple[str, ...]
    second_levels: tuple[str, ...]


@dataclass(frozen=True)
class ReadAs:
    """How a word of the question was understood."""

    words: str
    column: str
    how: str  # "exact name", "part of the name", "a value of the column", "given"
    value: str | None = None  # the level, when the word names one


@dataclass(frozen=True)
class Plan:
    """What will be computed, and why: the planner's answer to a question."""

    intent: str  # "compare_groups", "relationship", "association", "describe"
    method: str  # "welch_anova"; "profile" when nothing else was asked
    columns: Mapping[str, str]  # role -> column: outcome+group, x+y, row+column, outcome
    confidence: float  # 0..1; 1 when method and columns were given
    because: str  # one sentence: why this method
    read_as: tuple[ReadAs, ...] = ()
    alternatives: tuple["Alternative", ...] = ()
    needs_clarification: bool = False
    explicit: bool = False  # method and columns were given: the data do not change the method
    params: Mapping[str, float | str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what the method does not do that the question may have asked for
    where: tuple[Condition, ...] = ()  # which rows it is about: those that fulfil all; none for every row


@dataclass(frozen=True)
class Alternative:
    """Another reading of the question, ready to be sent back as explicit `method` + `columns`."""

    method: str
    columns: Mapping[str, str]
    reading: str  # "Does Ozone differ between the levels of Month?"
    confidence: float
    params: Mapping[str, float | str] = field(default_factory=dict)  # to be sent back with them
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """The table as it was read. `warnings` say everything that was changed or doubted on the way."""

    name: str
    sha256: str
    bytes: int
    rows: int
    columns: int
    format: str  # "csv", "parquet"
    encoding: str | None
    delimiter: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """Which rows the method used; `dropped` counts the others by reason."""

    n_total: int
    n_used: int
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sentence:
    """One sentence of the answer and JSON pointers into results.json for the numbers in it."""

    text: str
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interpretation:
    """The answer in words."""

    headline: str
    paragraphs: tuple[Sentence, ...]
    apa: str | None
    caveats: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Findings:
    """What a method gives: numbers only, no words and no pictures."""

    sample: Sample
    descriptives: tuple[Descriptive, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    tests: tuple[Test, ...] = ()
    effect_sizes: tuple[EffectSize, ...] = ()
    posthoc: tuple[Pairwise, ...] = ()
    table: CrossTable | None = None
    line: Line | None = None
    parabola: Parabola | None = None  # where the data show that the relation turns round
    model: Model | None = None
    matrix: CorrelationMatrix | None = None
    trend: Trend | None = None
    share: Share | None = None
    factors: Factors | None = None
    strata: Strata | None = None
    rated: Rated | None = None
    outliers: tuple[OutlierScan, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    shape: Shape | None = None
    gaps: Gaps | None = None
    adjusted: tuple[Estimate, ...] = ()  # a mean a group, covariates at their means


@dataclass(frozen=True)
class Analysis:
    """All of results.json."""

    dataset: Dataset
    question: str | None
    plan: Plan
    profile: tuple[ColumnProfile, ...]
    findings: Findings
    interpretation: Interpretation
    plots: tuple[Plot, ...]
    script: Script | None
    versions: Mapping[str, str]
    timings: Mapping[str, float]  # seconds a stage
    multiplicity: Multiplicity | None = None  # None where no p-value answers the question
    table: TableProfile | None = None
    format: str = FORMAT
