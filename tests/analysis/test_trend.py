"""Change over time: what is averaged or refused; words, figure and script hold its numbers; questions."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from jobs.analysis import methods, plots, script
from jobs.analysis.planning.planner import explicit_plan, plan
from jobs.analysis.plots.trend import draw
from jobs.analysis.results.result import Findings, Plan
from jobs.analysis.sampling import samples
from jobs.analysis.sampling.times import TimeSample, wide_gaps
from jobs.analysis.tables.ingest import ingest
from jobs.analysis.tables.profile import profile
from jobs.errors import TooFewValues, UnsuitableData
from jobs.progress import silent
from tests.analysis.hand_made_columns import column
from tests.analysis.hand_made_told import told
from tests.analysis.test_interpret import CAUSAL, allowed, at, numbers_in, results_of, stands_for

DATA = Path(__file__).parents[1] / "data"
RNG = np.random.default_rng(20140305)
ASKED = Plan("trend", "trend_over_time", {"outcome": "y $k$", "time": "when"}, 1.0, "Given.", explicit=True)


def written(path: Path, times: list, values) -> Path:
    pl.DataFrame({"when": times, "y $k$": values}).write_parquet(path)
    return path


def found(path: Path) -> tuple[TimeSample, Findings]:
    sample = samples.load(ASKED, path)
    assert isinstance(sample, TimeSample)
    return sample, methods.run(ASKED, sample)


def months(count: int) -> list[date]:
    return [date(2001 + place // 12, place % 12 + 1, 1) for place in range(count)]


SERIES = {
    "months with a season": (
        months(96),
        [5 * np.sin(i * np.pi / 6) + i / 4 + RNG.normal() for i in range(96)],
    ),
    "years falling": (list(range(1980, 2010)), 100 - 2.5 * np.arange(30) + RNG.normal(0, 3, 30)),
    "nothing to see": ([date(2020, 1, 1) + timedelta(days=i) for i in range(40)], RNG.normal(0, 1, 40)),
    "hours": (
        [datetime(2020, 1, 1) + timedelta(hours=i) for i in range(40)],
        np.arange(40) + RNG.normal(size=40),
    ),
    "a long gap": (
        [date(2020, 1, 1) + timedelta(days=i) for i in (*range(40), *range(239, 280))],
        RNG.normal(0, 1, 81),
    ),
    "few points": (list(range(5)), [1.0, 3.0, 2.0, 5.0, 4.0]),
    "very many": (list(range(5_000)), np.arange(5_000) / 500 + RNG.normal(size=5_000)),
}


@pytest.mark.parametrize("name", SERIES)
def test_words_and_figure_tell_the_trend(name, tmp_path):
    times, values = SERIES[name]
    sample, findings = found(written(tmp_path / "t.parquet", times, values))

    answer, results = told((ASKED, findings, ())), results_of((ASKED, findings, ()))
    drawn = plots.draw(ASKED, sample, findings, (), tmp_path)[0]

    wrong = [
        (number, sentence.text)
        for sentence in (*answer.paragraphs, *answer.caveats)
        for number in numbers_in(sentence.text)
        if not stands_for(number, set().union(*(allowed(at(results, p)) for p in sentence.pointers), set()))
    ]
    said = [answer.headline, *(sentence.text for sentence in (*answer.paragraphs, *answer.caveats))]
    assert wrong == []
    assert [text for text in said if CAUSAL.search(text)] == []
    assert len((tmp_path / drawn.data).read_text().splitlines()) == findings.trend.points + 1


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("months with a season", "y $k$ rose by "),
        ("years falling", "y $k$ fell by 2."),
        ("nothing to see", "The data do not show that y $k$ rose or fell from 2020-01-01 to 2020-02-09"),
        ("hours", "y $k$ rose by 0.99"),
    ],
)
def test_the_headline_says_which_way_and_how_fast(name, says, tmp_path):
    _, findings = found(written(tmp_path / "t.parquet", *SERIES[name]))

    assert told((ASKED, findings, ())).headline.startswith(says)


def test_slopes_are_told_a_period_that_suits_the_span(tmp_path):
    periods = {
        name: found(written(tmp_path / "t.parquet", *SERIES[name]))[1].trend.period
        for name in ("months with a season", "nothing to see", "hours", "years falling")
    }

    assert list(periods.values()) == ["year", "day", "hour", "unit of time"]


def test_a_season_of_months_is_seen(tmp_path):
    sample, findings = found(written(tmp_path / "t.parquet", *SERIES["months with a season"]))

    assert sample.season == 12
    assert findings.trend.seasonal_strength > 0.8


def test_a_season_alone_is_rarely_taken_for_a_trend(tmp_path):
    random, alarms = np.random.default_rng(5), 0
    for _ in range(60):
        season = 20 * np.sin(np.arange(72) * np.pi / 6 + random.uniform(0, 6)) + random.normal(0, 5, 72)
        _, findings = found(written(tmp_path / "t.parquet", months(72), season))
        alarms += findings.tests[0].pvalue < 0.05
        assert findings.trend.within_season

    assert alarms <= 6


def test_a_trend_beside_a_season_is_found_and_the_season_is_given_as_the_reason(tmp_path):
    sample, _ = found(written(tmp_path / "t.parquet", *SERIES["months with a season"]))
    chosen = methods.choose(replace(ASKED, explicit=False), sample)
    findings = methods.run(chosen, sample)

    assert "follows a season of 12 points" in chosen.because
    assert findings.tests[0].title.startswith("seasonal Mann-Kendall test")
    assert findings.trend.slope == pytest.approx(3.0, abs=0.3)
    assert findings.tests[0].pvalue < 0.01


def test_a_long_time_without_values_breaks_the_line_and_is_told(tmp_path):
    days = [date(2020, 1, 1) + timedelta(days=i) for i in (*range(40), *range(239, 280))]
    sample, findings = found(written(tmp_path / "t.parquet", days, RNG.normal(size=81)))

    figure = draw(sample, findings, findings.trend, "A title").figure
    said = " ".join(sentence.text for sentence in told((ASKED, findings, ())).caveats)

    sizes = [len(line.get_xdata()) for line in figure.axes[0].lines]
    assert sizes[:2] == [40, 41]
    assert np.diff(figure.axes[0].get_xticks()).min() > 1.0  # months: labels do not lie over each other
    assert "no values between 2020-02-09 and 2020-08-27" in said


@pytest.mark.parametrize(
    "times", [np.arange(50.0), np.cumsum(np.random.default_rng(2).exponential(size=200))]
)
def test_usual_steps_are_no_gaps(times):
    assert wide_gaps(times) == []


def test_months_are_told_without_a_day(tmp_path):
    sample, findings = found(written(tmp_path / "t.parquet", *SERIES["months with a season"]))

    assert (findings.trend.first, findings.trend.last) == ("2001-01", "2008-12")
    assert sample.labels[1] == "2001-02"


def test_values_at_the_same_time_are_averaged_and_told(tmp_path):
    times = [year for year in range(2000, 2010) for _ in range(3)]
    sample, findings = found(written(tmp_path / "t.parquet", times, [t + RNG.normal() for t in times]))

    assert (findings.trend.points, findings.sample.n_used) == (10, 30)
    assert any(one.name == "one value a time" for one in findings.assumptions)
    assert sample.first == "2000"


def test_the_order_of_the_rows_does_not_matter(tmp_path):
    times, values = SERIES["years falling"]
    turned = RNG.permutation(30)

    straight = found(written(tmp_path / "a.parquet", times, values))[1]
    mixed = found(written(tmp_path / "b.parquet", [times[i] for i in turned], values[turned]))[1]

    assert mixed.trend == straight.trend


@pytest.mark.parametrize(
    ("times", "values", "error", "says"),
    [
        ([1, 2, 3, 4], [1.0, 2, 4, 3], TooFewValues, "has 4 different times"),
        (list(range(9)), [2.0] * 9, UnsuitableData, "has the same value"),
        (list(range(9)), [2.0 * i + 1 for i in range(9)], UnsuitableData, "lies exactly on a line"),
        (list("abcdefghi"), list(map(float, range(9))), UnsuitableData, "holds no dates and no numbers"),
    ],
)
def test_what_has_no_trend_is_refused(times, values, error, says, tmp_path):
    with pytest.raises(error, match=says):
        found(written(tmp_path / "t.parquet", times, values))


@pytest.mark.parametrize(
    ("table", "outcome", "time"),
    [
        ("air_passengers", "passengers", "month"),
        ("orders_de", "Umsatz_eur", "Datum"),
        ("airquality", "Wind", "Temp"),
    ],
)
def test_the_script_finds_the_trend_again(table, outcome, time, table_cache, tmp_path):
    source = DATA / f"tables/{table}.csv"
    read = ingest(source, table_cache, name=source.name)
    chosen = explicit_plan("trend_over_time", {"outcome": outcome, "time": time}, read.columns)
    findings = methods.run(chosen, samples.load(chosen, read.path))
    path = tmp_path / "script.py"

    script.write(
        script.Recipe(
            read.dataset, read.dialect, read.columns, chosen, findings, profile(read, report=silent)
        ),
        path,
    )
    verified = script.verify(path, source)

    assert verified.verified, verified.reason


def test_a_changed_number_is_noticed_by_the_script(table_cache, tmp_path):
    source = DATA / "tables/air_passengers.csv"
    read = ingest(source, table_cache, name=source.name)
    chosen = explicit_plan("trend_over_time", {"outcome": "passengers", "time": "month"}, read.columns)
    findings = methods.run(chosen, samples.load(chosen, read.path))
    wrong = replace(findings, trend=replace(findings.trend, slope=findings.trend.slope * 1.00001))
    path = tmp_path / "script.py"

    script.write(
        script.Recipe(read.dataset, read.dialect, read.columns, chosen, wrong, profile(read, report=silent)),
        path,
    )
    verified = script.verify(path, source)

    assert not verified.verified
    assert "slope estimate" in (verified.reason or "")


MONTH = replace(column("month", "date", "date"), distinct=100)
YEAR = replace(column("year"), distinct=30)
SALES = column("sales")


@pytest.mark.parametrize(
    "question",
    [
        "trend of sales over time",
        "has it risen over the years?",
        "have sales grown over the years",
        "did sales fall over time?",
        "sales over the last years",
        "how did sales change over time",
    ],
)
@pytest.mark.parametrize("time", [MONTH, YEAR], ids=["a date", "a year"])
def test_questions_about_change_are_read_as_a_trend(question, time):
    read = plan(question, (time, SALES))

    assert (read.method, read.needs_clarification) == ("trend_over_time", False), read.because
    assert read.columns == {"outcome": "sales", "time": time.name}
    assert explicit_plan(read.method, read.columns, (time, SALES)).intent == read.intent


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("has it risen over the years?", (YEAR, SALES, column("price"))),
        ("trend of sales over time", (YEAR, MONTH, SALES)),
        ("trend of sales over time", (SALES, column("price"))),
        ("trend of happiness over time", (YEAR, SALES)),
        ("forecast of sales over time", (YEAR, SALES)),
        ("trend of sales since 1990 over time", (YEAR, SALES)),
        ("trend of sales over time", (replace(YEAR, distinct=3), SALES)),
    ],
)
def test_a_trend_that_is_not_clear_is_asked_back(question, columns):
    assert plan(question, columns).needs_clarification
