"""Tables of two by two: every number runs the way of the headline, and names its event and its groups."""

from dataclasses import replace

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.results.result import ReadAs
from jobs.analysis.sampling.samples import CrossSample
from tests.analysis.methods.reference import explicit
from tests.analysis.whole import answered

ROWS = [("new", "yes", 16), ("new", "no", 2), ("old", "yes", 4), ("old", "no", 14)]


def written(folder, rows=ROWS):
    folder.joinpath("files").mkdir()
    source = folder / "files/cures.csv"
    lines = [f"{arm},{cured}" for arm, cured, times in rows for _ in range(times)]
    source.write_text("\n".join(["arm,cured", *lines]) + "\n", encoding="utf-8")
    return source


def asked(folder, rows=ROWS, **more):
    columns = {"row": "arm", "column": "cured"}
    return answered(
        written(folder, rows), folder / "p", method="chi_square_independence", columns=columns, **more
    )


def test_difference_odds_and_risk_run_the_way_of_the_headline(tmp_path):
    found = asked(tmp_path)

    findings = found.findings
    table, effects = findings.table, {effect.name: effect for effect in findings.effect_sizes}
    assert found.interpretation.headline.startswith("cured = yes is most frequent where arm is new (89 %)")
    assert (table.event, table.group, table.reference) == ("yes", "new", "old")
    assert findings.tests[0].estimate.value == pytest.approx(16 / 18 - 4 / 18)
    assert findings.tests[1].statistic > 0
    assert effects["odds_ratio"].value == pytest.approx(28.0)
    assert effects["risk_ratio"].value == pytest.approx(4.0)


def test_the_sentences_name_event_and_direction(tmp_path):
    found = asked(tmp_path)

    said = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    assert "difference in the share of cured = yes (new minus old) 0.67" in said
    assert "odds ratio of cured = yes (new against old) = 28.00, 95% CI [" in said
    assert "risk ratio of cured = yes (new against old) = 4.00, 95% CI [1.66, 9.64]" in said


def test_a_group_that_the_question_names_is_set_against_the_other():
    counts = np.array([[2, 16], [14, 4]])
    sample = CrossSample("arm", "cured", ("new", "old"), ("no", "yes"), counts, 36, {})
    named = ReadAs("old", "arm", "a value of the column", "old")
    plan = replace(explicit("chi_square_independence"), read_as=(named,))

    found = methods.run(plan, sample)

    assert (found.table.group, found.table.reference, found.table.event) == ("old", "new", "yes")
    assert found.tests[0].estimate.value == pytest.approx(4 / 18 - 16 / 18)
    assert found.tests[1].statistic < 0


def test_an_empty_cell_leaves_a_risk_ratio_where_the_event_happens_in_both_groups(tmp_path):
    always = [("new", "yes", 18), ("new", "no", 0), ("old", "yes", 4), ("old", "no", 14)]

    found = asked(tmp_path, always)

    names = [effect.name for effect in found.findings.effect_sizes]
    assert "odds_ratio" not in names
    assert "risk_ratio" in names
