"""Whether an effect on a yes or no is the same everywhere: the test of alike strata leads."""

from pathlib import Path

import numpy as np
import pytest

from jobs.analysis.run import Choice, read_plan
from jobs.analysis.tables.ingest import ingest
from jobs.errors import UnsuitableData
from tests.analysis.methods.reference import close, effect_of, limits
from tests.analysis.test_strata import COLUMNS, METHOD, written
from tests.analysis.whole import answered

# Coupons and conversions on two devices: of 96 with a coupon on a desktop 18 have converted, and so on.
CONVERTED = {("desktop", "yes"): (18, 96), ("desktop", "no"): (21, 102)}
CONVERTED |= {("mobile", "yes"): (53, 105), ("mobile", "no"): (21, 97)}
FOCUS = {"focus": "interaction"}
RATIO = [4.14403292181070, 1.62809238367591, 10.54793267829044]


def shop(folder: Path) -> Path:
    path, random = folder / "shop.csv", np.random.default_rng(8)
    rows = [
        f"{device},{coupon},{'yes' if place < hits else 'no'},{random.normal(50, 9):.1f}"
        for (device, coupon), (hits, total) in CONVERTED.items()
        for place in range(total)
    ]
    path.write_text("\n".join(["device,coupon,converted,amount", *rows, ""]))
    return path


def asked(folder: Path, question: str):
    path = shop(folder)
    return read_plan(ingest(path, folder / "cache", name=path.name), question, Choice(None, {}, {}, ()))


@pytest.mark.parametrize(
    "question",
    [
        "Is the effect of coupon on converted the same on mobile and desktop?",
        "does coupon affect converted differently on mobile than on desktop?",
        "does the effect of coupon on converted depend on device?",
        "does the coupon matter more for converted on mobile than on desktop?",
        "is there an interaction of coupon and device on converted?",
        "Breslow-Day test of coupon and converted within device",
    ],
)
def test_the_difference_itself_is_tested(question, tmp_path):
    found = asked(tmp_path, question)

    assert (found.method, found.params, found.needs_clarification) == (METHOD, FOCUS, False)
    assert dict(found.columns) == {"row": "coupon", "column": "converted", "stratum": "device"}


@pytest.mark.parametrize(
    "question",
    [
        "is coupon related to converted within each device?",
        "is converted related to coupon, controlling for device?",
    ],
)
def test_what_is_common_to_the_strata_is_still_asked_without_it(question, tmp_path):
    found = asked(tmp_path, question)

    assert (found.method, found.params, found.needs_clarification) == (METHOD, {}, False)


def test_a_number_is_still_compared_by_two_factors(tmp_path):
    found = asked(tmp_path, "is the effect of coupon on amount the same on mobile and desktop?")

    assert found.method == "two_way_anova"


@pytest.mark.parametrize(
    "question",
    ["does coupon help more on mobile than on desktop?", "is there an interaction of coupon and device?"],
)
def test_an_effect_on_what_is_not_said_is_asked_back(question, tmp_path):
    found = asked(tmp_path, question)

    assert found.needs_clarification


def test_the_answer_is_led_by_the_test_of_alike_strata(tmp_path):
    question = "Is the effect of coupon on converted the same on mobile and desktop?"

    found = answered(shop(tmp_path), tmp_path / "project", question=question)

    first, told = found.findings.tests[0], found.interpretation
    assert (first.method, first.role) == ("breslow_day", "primary")
    assert told.headline.startswith(
        "How coupon and converted go together differs between the values of device:"
    )
    assert told.apa.startswith(
        "χ²(1, N = 400) = 9.08, p = .003; ratio of the odds ratios = 4.14, 95% CI [1.63, 10.55]"
    )
    assert found.multiplicity.pvalue == first.pvalue
    assert any(plot.id == "strata" for plot in found.plots)


def test_the_ratio_of_odds_ratios_equals_the_interaction_of_a_logistic_regression(tmp_path):
    given = {"row": "coupon", "column": "converted", "stratum": "device"}

    found = answered(shop(tmp_path), tmp_path / "project", method=METHOD, columns=given, params=FOCUS)

    # R: exp of coefficient and Wald limits of glm(converted ~ coupon * device, binomial)
    ratio = effect_of(found.findings, "ratio_of_odds_ratios")
    assert [ratio.value, *limits(ratio.interval)] == close(RATIO, rel=1e-8)  # glm stops iterating there


def test_of_several_strata_the_ends_are_told_without_limits(tmp_path):
    source = written(tmp_path / "t.csv", [[[9, 11], [6, 14]], [[12, 9], [9, 13]], [[5, 9], [11, 4]]])

    found = answered(source, tmp_path / "project", method=METHOD, columns=COLUMNS, params=FOCUS)

    ratio = effect_of(found.findings, "ratio_of_odds_ratios")
    assert ratio.value == close((12 * 13 / 81) / (5 * 4 / 99))
    assert limits(ratio.interval) == [None, None]


def test_an_empty_cell_leaves_the_test_without_the_ratio(tmp_path):
    source = written(tmp_path / "t.csv", [[[0, 10], [3, 7]], [[5, 2], [4, 3]]])

    found = answered(source, tmp_path / "project", method=METHOD, columns=COLUMNS, params=FOCUS)

    assert found.findings.tests[0].method == "breslow_day"
    assert "ratio_of_odds_ratios" not in [effect.name for effect in found.findings.effect_sizes]


def test_strata_of_which_one_says_something_are_refused(tmp_path):
    source = written(tmp_path / "t.csv", [[[9, 11], [6, 14]], [[12, 0], [9, 0]]])

    with pytest.raises(UnsuitableData, match="both must vary in two of its values"):
        answered(source, tmp_path / "project", method=METHOD, columns=COLUMNS, params=FOCUS)
