"""Which words tell the methods beyond two columns; the others are found by their roles."""

from collections.abc import Callable, Mapping

from jobs.analysis.words import (
    agreement,
    ancova,
    factorial,
    missing,
    normality,
    one_sample,
    outliers,
    paired,
    rated,
    repeated,
    strata,
)
from jobs.analysis.words.facts import Facts, Told

TELLERS: Mapping[str, Callable[[Facts], Told]] = {
    "paired_t_test": paired.tell,
    "wilcoxon_signed_rank": paired.tell,
    "one_sample_t_test": one_sample.tell,
    "one_sample_signed_rank": one_sample.tell,
    "binomial_test": one_sample.tell_share,
    "repeated_measures_anova": repeated.tell,
    "friedman_test": repeated.tell,
    "two_way_anova": factorial.tell,
    "ancova": ancova.tell,
    "cochran_mantel_haenszel": strata.tell,
    "mcnemar_test": rated.tell,
    "cochran_q_test": rated.tell,
    "cohen_kappa": agreement.tell,
    "intraclass_correlation": agreement.tell_numbers,
    "outliers": outliers.tell,
    "normality": normality.tell,
    "missing_values": missing.tell,
}
