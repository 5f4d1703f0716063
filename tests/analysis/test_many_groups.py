"""More than twenty groups: the largest are compared with the others together, in words, figure and script."""

import numpy as np
import pytest
from scipy import stats

from jobs.analysis.run import analyse
from jobs.analysis.sampling.pooling import with_others
from jobs.errors import UnsuitableData

LARGE, SMALL = [f"g{place:02d}" for place in range(20)], [f"s{place}" for place in range(10)]
OTHER = "other (10 groups)"


@pytest.fixture(scope="module")
def rows():
    source = np.random.default_rng(8)
    names = [*LARGE * 12, *SMALL * 4, "alone"]
    return [(name, round(float(source.normal(len(name) + int(name[-1] == "3"), 2)), 3)) for name in names]


def test_of_groups_of_one_size_all_are_joined_or_none():
    sizes = {"a": 9, "b": 8, "c": 7, "d": 7, "e": 7, "f": 2}
    values = {level: np.arange(float(size)) for level, size in sizes.items()}

    levels, together = with_others(list(sizes), values, most=4)

    assert levels == ("a", "b", "other (4 groups)")
    assert together["other (4 groups)"].size == 7 + 7 + 7 + 2


def test_groups_that_are_all_of_one_size_are_refused_rather_than_joined_by_chance():
    values = {f"clinic {place}": np.arange(20.0) for place in range(25)}

    with pytest.raises(UnsuitableData, match="25 of them have 20 values each"):
        with_others(list(values), values, most=20)


@pytest.mark.parametrize("chosen", [{}, {"method": "one_way_anova"}, {"method": "kruskal_wallis"}])
def test_thirty_groups_are_compared_as_the_twenty_largest_and_the_others(chosen, rows, project, tmp_path):
    source = tmp_path / "table.csv"
    source.write_text("place,price\n" + "".join(f"{name},{value}\n" for name, value in rows))
    how = {**chosen, "columns": {"outcome": "price", "group": "place"}} if chosen else {}

    found = analyse(
        source,
        project,
        name="table.csv",
        cache=tmp_path / "cache",
        question=None if chosen else "does price differ by place?",
        **how,
    )

    assert [one.group for one in found.findings.descriptives] == [*LARGE, OTHER]
    assert found.findings.descriptives[-1].n == 40
    assert found.findings.sample.dropped == {"a single value where place is alone": 1}
    assert any(
        "all smaller ones together as 'other (10 groups)'" in c.text for c in found.interpretation.caveats
    )
    assert OTHER in (project / "plots/groups.csv").read_text()
    assert found.script.verified, found.script.reason
    if chosen.get("method") == "one_way_anova":
        samples = [[value for name, value in rows if name == level] for level in LARGE]
        expected = stats.f_oneway(*samples, [value for name, value in rows if name in SMALL])
        assert found.findings.tests[0].statistic == pytest.approx(expected.statistic, rel=1e-9)
