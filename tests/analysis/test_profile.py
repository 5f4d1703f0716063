"""Each column is described with numbers equal to R's."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.results.described import Bin, TopValue
from jobs.analysis.tables.distribution import MOST_BINS, freedman_diaconis, moments
from jobs.analysis.tables.ingest import ingest
from jobs.analysis.tables.profile import profile
from jobs.progress import Progress

TABLES = Path(__file__).parents[1] / "data" / "tables"

# R 4.2, x <- na.omit(airquality[[name]]): mean(x), sd(x), quantile(x, c(.25, .5, .75)), and G1 and G2
# of Joanes & Gill (1998) written out from the central moments.
AIRQUALITY = {
    "Ozone": (42.1293103448276, 32.987884514434, 18, 31.5, 63.25, 1.24179640441021, 1.29030267849855),
    "Wind": (9.95751633986928, 3.5230013522126, 7.4, 9.7, 11.5, 0.347817774716812, 0.111418252042717),
    "Solar.R": (
        185.931506849315,
        90.0584222283817,
        115.75,
        205,
        258.75,
        -0.428044525641775,
        -0.968466751548977,
    ),
}


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")

    def described(file: str):
        table = ingest(TABLES / file, cache, name=file)
        return {found.name: found for found in profile(table)}

    return described


@pytest.mark.parametrize("name", AIRQUALITY)
def test_numbers_agree_with_r(described, name):
    found = described("airquality.csv")[name]

    assert (
        found.mean, found.sd, found.q1, found.median, found.q3, found.skewness, found.kurtosis
    ) == pytest.approx(AIRQUALITY[name], rel=1e-12)  # fmt: skip


def test_missing_values_take_no_part(described):
    found = described("airquality.csv")["Ozone"]

    assert (found.rows, found.missing, found.distinct) == (153, 37, 67)
    assert (found.minimum, found.maximum, found.zeros) == (1.0, 168.0, 0)
    assert sum(bar.count for bar in found.histogram) == 153 - 37
    assert "many missing values" in found.notes


def test_categories_are_counted_most_frequent_first(described):
    found = described("titanic.csv")["Class"]

    assert found.top == (
        TopValue("Crew", 885),
        TopValue("3rd", 706),
        TopValue("1st", 325),
        TopValue("2nd", 285),
    )  # R: table(Titanic as rows)
    assert (found.mean, found.histogram) == (None, ())


def test_dates_have_ends_and_no_mean(described):
    found = described("air_passengers.csv")["month"]

    assert (found.minimum, found.maximum, found.mean) == ("1949-01-01", "1960-12-01", None)


def test_an_identifier_is_pointed_out(described):
    found = described("mtcars.csv")["model"]

    assert (found.role, found.top) == ("id", ())
    assert found.notes == ("one value a row (an identifier?)",)


def test_moments_of_huge_and_tiny_numbers_keep_their_digits():
    shape = np.array([2.5, 3, 3, 7, 9, 9, 9, 12.5, 40, 41])
    expected = moments(shape)[2:]

    assert expected == pytest.approx(
        (1.56366540528575, 0.991673743858669), rel=1e-12
    )  # R 4.2, G1 and G2 of the same ten numbers
    assert moments(shape * 1e200)[2:] == pytest.approx(expected, rel=1e-9)
    assert moments(shape * 1e-200)[2:] == pytest.approx(expected, rel=1e-9)
    assert moments(shape + 1e9)[2:] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([5.0], (5.0, None, None, None)),
        ([5.0, 5.0, 5.0], (5.0, 0.0, None, None)),
        ([1.0, 2.0], (1.5, pytest.approx(0.5**0.5), None, None)),
        ([1.0, 2.0, 3.0], (2.0, 1.0, 0.0, None)),
    ],
)
def test_moments_that_do_not_exist_are_none(values, found):
    assert moments(np.array(values)) == found


def test_the_histogram_counts_every_value_once_in_at_most_60_bins():
    chance = np.random.default_rng(5)
    for values in (
        chance.normal(size=10_000),
        chance.lognormal(0, 3, 5_000),
        chance.integers(0, 9, 500) * 1.0,
    ):
        bars = freedman_diaconis(np.sort(values))

        assert sum(bar.count for bar in bars) == values.size
        assert 1 < len(bars) <= MOST_BINS
        assert all(left.high == pytest.approx(right.low) for left, right in pairwise(bars))
        assert bars[0].low <= values.min()
        assert bars[-1].high >= values.max()


def test_small_whole_numbers_get_a_bin_each():
    bars = freedman_diaconis(np.array([1.0, 1.0, 2.0, 3.0, 3.0, 3.0]))

    assert [bar.count for bar in bars] in ([2, 1, 3], [3, 3])
    assert bars[0].low == 0.5


@pytest.mark.parametrize(("values", "bars"), [([], ()), ([4.0, 4.0], (Bin(4.0, 4.0, 2),))])
def test_a_histogram_needs_values_that_differ(values, bars):
    assert freedman_diaconis(np.array(values)) == bars


def test_progress_goes_from_35_to_55(tmp_path):
    table = ingest(TABLES / "iris.csv", tmp_path, name="iris.csv")
    reports: list[Progress] = []

    profile(table, report=reports.append)

    assert {progress.stage for progress in reports} == {"profile"}
    assert (reports[0].percent, reports[-1].percent) == (35.0, 55.0)
