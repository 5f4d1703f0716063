"""Categories of the same cases, and agreement: the numbers against R, and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from jobs.analysis import methods
from jobs.analysis.numerics import paired_counts, raters
from jobs.analysis.sampling.designs import RepeatedSample
from jobs.analysis.sampling.rated import RatedSample
from jobs.errors import UnsuitableData
from tests.analysis.methods.reference import a_pvalue, close, effect_of, explicit, limits, test_of

CASES = json.loads((Path(__file__).parents[1] / "data/r/rated.json").read_text())["cases"]


def of(kind: str):
    found = [case for case in CASES if case["kind"] == kind]
    return pytest.mark.parametrize("case", found, ids=[case["name"] for case in found])


def rated(codes, levels=("no", "yes")) -> RatedSample:
    codes = np.array(codes, dtype=np.intp)
    measures = tuple(f"m{place}" for place in range(codes.shape[1]))
    return RatedSample(None, None, measures, tuple(levels), codes, len(codes), {})


def from_table(a: int, b: int, c: int, d: int) -> RatedSample:
    return rated([[1, 1]] * a + [[1, 0]] * b + [[0, 1]] * c + [[0, 0]] * d)


def crossed(counts) -> RatedSample:
    rows = [list(place) for place, count in np.ndenumerate(np.array(counts)) for _ in range(count)]
    return rated(rows, [str(place) for place in range(len(counts))])


@pytest.mark.agrees("McNemar", "chi2, p, corrected, exact, mid-p", "mcnemar.test, binom.test")
@of("mcnemar")
def test_mcnemars_tests_equal_r(case):
    expected = case["expected"]

    found = methods.run(explicit("mcnemar_test"), from_table(*case["data"]))

    plain, corrected = test_of(found, "mcnemar_test"), test_of(found, "mcnemar_test_corrected")
    assert (plain.statistic, plain.pvalue) == (close(expected["statistic"]), a_pvalue(expected["p"]))
    assert corrected.statistic == close(expected["corrected"])
    assert corrected.pvalue == a_pvalue(expected["corrected_p"])
    assert test_of(found, "exact_mcnemar").pvalue == close(expected["exact"])
    assert test_of(found, "mid_p_mcnemar").pvalue == close(expected["mid"])


@pytest.mark.agrees("McNemar", "odds ratio of the changes, limits, difference", "binom.test, prop.test")
@of("mcnemar")
def test_sizes_of_a_change_equal_r(case):
    (_, b, c, _), (share, *ends) = case["data"], case["expected"]["share"]

    found = methods.run(explicit("mcnemar_test"), from_table(*case["data"]))

    g, estimate = effect_of(found, "cohen_g"), test_of(found, "mcnemar_test").estimate
    assert [g.value, *limits(g.interval)] == close([share - 0.5, *(end - 0.5 for end in ends)])
    assert [estimate.value, *limits(estimate.interval)] == close(case["expected"]["difference"])
    names = [effect.name for effect in found.effect_sizes]
    assert ("discordant_odds_ratio" in names) == (b > 0 and c > 0)
    if b and c:
        odds = effect_of(found, "discordant_odds_ratio")
        assert odds.value == close(c / b)
        assert limits(odds.interval) == close([end / (1.0 - end) for end in ends])


@pytest.mark.agrees("McNemar", "difference at 90 %", "prop.test")
@of("mcnemar")
def test_the_interval_of_a_difference_follows_its_level(case):
    a, b, c, d = case["data"]

    found = paired_counts.paired_difference(np.array([[a, b], [c, d]]), 0.9)

    assert list(found) == close(case["expected"]["difference90"])


@pytest.mark.agrees("Cochran's Q", "Q, df, p, W, pairs", "friedman.test, rstatix, binom.test")
@of("cochran")
def test_cochrans_q_and_its_pairs_equal_r(case):
    expected = case["expected"]

    found = methods.run(explicit("cochran_q_test"), rated(case["data"]))

    test = test_of(found, "cochran_q_test")
    assert (test.statistic, test.pvalue) == (close(expected["statistic"]), a_pvalue(expected["p"]))
    assert test.df == (expected["df"],)
    assert effect_of(found, "kendall_w").value == close(expected["w"])
    assert [pair.pvalue for pair in found.posthoc] == close(expected["pairs"])


@pytest.mark.agrees("Cohen's kappa", "kappa, error; linear and quadratic weights", "vcd::Kappa")
@of("kappa")
@pytest.mark.parametrize(("weights", "power"), [("none", 0), ("linear", 1), ("quadratic", 2)])
def test_kappa_and_its_error_equal_r(case, weights, power):
    counts = np.array(case["data"])
    places = np.arange(len(counts), dtype=float)

    found = paired_counts.kappa(counts, paired_counts.agreement_weights(places, power))

    assert [found.value, found.error] == close(case["expected"][weights])


@pytest.mark.agrees("Intraclass correlation", "F, p, coefficients, limits", "anova(lm)")
@of("icc")
def test_intraclass_correlations_equal_r(case):
    values, expected = np.array(case["data"], dtype=float), case["expected"]
    names = tuple(f"r{place}" for place in range(values.shape[1]))
    sample = RepeatedSample(None, names, values, len(values), {})

    found = methods.run(explicit("intraclass_correlation"), sample)

    rows, between = test_of(found, "intraclass_correlation"), test_of(found, "raters_differ")
    assert (rows.statistic, rows.pvalue) == (close(expected["f"]), a_pvalue(expected["p"]))
    assert (between.statistic, between.pvalue) == (close(expected["raters"]), a_pvalue(expected["raters_p"]))
    for name in ("agreement", "consistency", "of_mean"):
        effect = effect_of(found, f"icc_{name}")
        assert [effect.value, *limits(effect.interval)] == close(expected[name])


def test_the_coefficients_of_shrout_and_fleiss_come_out():
    case = next(case for case in CASES if case["name"] == "Shrout and Fleiss")
    found = raters.squares(np.array(case["data"], dtype=float))

    single, (one, _) = raters.agreement(found, 0.95)[0], raters.consistency(found, 0.95)

    # Shrout & Fleiss (1979), table 4
    assert [round(value, 2) for value in (single, one, raters.of_mean(single, 4))] == [0.29, 0.71, 0.62]


def test_few_changes_are_decided_exactly_unless_the_test_was_chosen():
    few = from_table(10, 2, 9, 10)

    chosen = methods.choose(explicit("mcnemar_test"), few)
    free = methods.run(replace(explicit("mcnemar_test"), explicit=False), few)

    assert methods.run(chosen, few).tests[0].method == "mcnemar_test"
    assert (free.tests[0].method, free.tests[0].role) == ("exact_mcnemar", "primary")
    assert [test.role for test in free.tests[1:]] == ["sensitivity"] * 3


def test_no_change_at_all_is_refused_with_the_number_of_cases():
    with pytest.raises(UnsuitableData, match="same of each of 30 cases"):
        methods.run(explicit("mcnemar_test"), from_table(10, 0, 0, 20))


def test_raters_of_whom_one_says_one_thing_are_refused():
    with pytest.raises(UnsuitableData, match="chance alone makes them agree"):
        methods.run(explicit("cohen_kappa"), rated([[1, 1]] * 8 + [[1, 0]] * 4))


def test_full_agreement_has_no_limits_that_would_claim_certainty():
    found = methods.run(explicit("cohen_kappa"), crossed([[20, 0], [0, 12]]))

    assert effect_of(found, "kappa").value == 1.0
    assert limits(effect_of(found, "kappa").interval) == [None, None]


def test_weights_need_an_order_that_is_known():
    plan = replace(explicit("cohen_kappa"), params={"weights": "linear"})
    colours = rated([[0, 0], [1, 1], [2, 1], [2, 2], [0, 0]], ["red", "green", "blue"])

    with pytest.raises(UnsuitableData, match="no order that is known"):
        methods.run(plan, colours)


def test_unused_steps_of_a_scale_still_lie_between():
    plan = replace(explicit("cohen_kappa"), params={"weights": "linear"})
    codes = [[0, 0], [1, 1], [2, 1], [2, 2], [0, 1], [1, 0]]

    near = methods.run(plan, rated(codes, ["1", "2", "3"]))
    far = methods.run(plan, rated(codes, ["1", "2", "9"]))

    assert effect_of(near, "kappa").value == effect_of(far, "kappa").value
    assert effect_of(near, "kappa_linear").value != effect_of(far, "kappa_linear").value
