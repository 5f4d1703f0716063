"""The methods beyond two columns and their roles, a part of the catalogue. Standard library only."""

from collections.abc import Mapping

MEASURES = tuple(f"measure_{place}" for place in range(1, 11))
FURTHER_MEASURES = MEASURES[3:]
COVARIATES = tuple(f"covariate_{place}" for place in range(1, 5))
NUMBERS_TO_SCAN = tuple(f"column_{place}" for place in range(1, 51))

ROLES: Mapping[str, tuple[str, ...]] = {
    "repeated_measures_anova": MEASURES[:3],
    "friedman_test": MEASURES[:3],
    "mcnemar_test": ("first", "second"),
    "cochran_q_test": MEASURES[:3],
    "cohen_kappa": ("first", "second"),
    "intraclass_correlation": MEASURES[:2],
    "two_way_anova": ("outcome", "factor_1", "factor_2"),
    "ancova": ("outcome", "group", "covariate_1"),
    "cochran_mantel_haenszel": ("row", "column", "stratum"),
    "outliers": (),
    "missing_values": (),
    "normality": ("outcome",),
}
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "repeated_measures_anova": FURTHER_MEASURES,
    "friedman_test": FURTHER_MEASURES,
    "cochran_q_test": FURTHER_MEASURES,
    "intraclass_correlation": MEASURES[2:],
    "ancova": COVARIATES[1:],
    "outliers": ("outcome", *NUMBERS_TO_SCAN),
    "missing_values": ("outcome",),
}
LONG: Mapping[str, tuple[str, ...]] = {
    "repeated_measures_anova": ("outcome", "group", "subject"),
    "friedman_test": ("outcome", "group", "subject"),
    "mcnemar_test": ("outcome", "group", "subject"),
    "cochran_q_test": ("outcome", "group", "subject"),
    "cohen_kappa": ("outcome", "group", "subject"),
    "intraclass_correlation": ("outcome", "group", "subject"),
}
TITLES: Mapping[str, str] = {
    "repeated_measures_anova": "analysis of variance of repeated measures",
    "friedman_test": "the Friedman test",
    "mcnemar_test": "McNemar's test",
    "cochran_q_test": "Cochran's Q test",
    "cohen_kappa": "Cohen's kappa",
    "intraclass_correlation": "the intraclass correlation",
    "ancova": "the analysis of covariance",
    "two_way_anova": "the analysis of variance by two factors",
    "cochran_mantel_haenszel": "the Cochran-Mantel-Haenszel test",
    "outliers": "a look for outliers",
    "missing_values": "a count of what is missing",
    "normality": "a comparison with the normal distribution",
}
INTENTS: Mapping[tuple[str, ...], str] = {
    MEASURES[:3]: "compare_repeated",
    MEASURES[:2]: "agreement",
    ("outcome", "factor_1", "factor_2"): "factorial",
    ("outcome", "group", "covariate_1"): "compare_adjusted",
    ("row", "column", "stratum"): "association_in_strata",
}
# Of methods that share their roles with others.
INTENT_OF_METHOD: Mapping[str, str] = {
    "outliers": "outliers",
    "missing_values": "missing",
    "normality": "normality",
    "cohen_kappa": "agreement",
    "intraclass_correlation": "agreement",
}
# Values that a method may be given: which term a two-way analysis is about.
OPTIONAL_PARAMS: Mapping[str, tuple[str, ...]] = {
    "two_way_anova": ("focus",),
    "cochran_mantel_haenszel": ("focus",),
    "cohen_kappa": ("weights",),
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "focus": ("interaction",),
    "weights": ("none", "linear", "quadratic"),
}
RATED = frozenset({"mcnemar_test", "cochran_q_test", "cohen_kappa"})  # of categories, in whatever role
NUMBERS = frozenset(MEASURES) | frozenset(COVARIATES)
# A column that says how many cases a row stands for, and the methods to which the cases are as good as rows.
CASES = "count"
OF_CASES = frozenset(
    {
        "welch_t_test",
        "student_t_test",
        "mann_whitney_u",
        "welch_anova",
        "one_way_anova",
        "kruskal_wallis",
        "pearson_correlation",
        "spearman_correlation",
        "kendall_correlation",
        "linear_regression",
        "logistic_regression",
        "chi_square_independence",
        "fisher_exact",
        "cochran_mantel_haenszel",
        "mcnemar_test",
        "cohen_kappa",
        "one_sample_t_test",
        "one_sample_signed_rank",
        "binomial_test",
        "two_way_anova",
        "normality",
        "profile",
    }
)
