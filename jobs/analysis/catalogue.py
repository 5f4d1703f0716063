"""The methods there are and the roles of columns in them. Standard library only: the API imports it."""

from collections.abc import Mapping

METHOD_ROLES: Mapping[str, tuple[str, ...]] = {
    "welch_t_test": ("outcome", "group"),
    "mann_whitney_u": ("outcome", "group"),
    "welch_anova": ("outcome", "group"),
    "kruskal_wallis": ("outcome", "group"),
    "pearson_correlation": ("x", "y"),
    "spearman_correlation": ("x", "y"),
    "chi_square_independence": ("row", "column"),
    "profile": (),
}
OPTIONAL_ROLES: Mapping[str, tuple[str, ...]] = {"profile": ("outcome",)}
METHOD_TITLES: Mapping[str, str] = {
    "welch_t_test": "Welch's t test",
    "mann_whitney_u": "the Mann-Whitney U test",
    "welch_anova": "Welch's analysis of variance",
    "kruskal_wallis": "the Kruskal-Wallis test",
    "pearson_correlation": "Pearson's correlation",
    "spearman_correlation": "Spearman's rank correlation",
    "chi_square_independence": "the chi-square test of independence",
    "profile": "a description of the data",
}
INTENTS: Mapping[str, str] = {
    **dict.fromkeys(("welch_t_test", "mann_whitney_u", "welch_anova", "kruskal_wallis"), "compare_groups"),
    **dict.fromkeys(("pearson_correlation", "spearman_correlation"), "relationship"),
    "chi_square_independence": "association",
    "profile": "describe",
}
MOST_GROUPS = 20
