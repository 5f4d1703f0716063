"""A question beside its plan: what the checks look at that hold the plan to its words."""

from dataclasses import dataclass

from jobs.analysis.catalogue import METHOD_ROLES, MODEL_ROLES
from jobs.analysis.planning.linking import Linked, Mention
from jobs.analysis.results.condition import Condition
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import listed

PAIRED = frozenset(
    listed(
        "paired_t_test wilcoxon_signed_rank repeated_measures_anova friedman_test mcnemar_test cochran_q_test"
    )
)
COUNTING = frozenset(
    listed(
        "chi_square_independence fisher_exact binomial_test cochran_mantel_haenszel logistic_regression "
        "mcnemar_test cochran_q_test cohen_kappa"
    )
)
CORRELATING = frozenset(
    listed(
        "pearson_correlation spearman_correlation kendall_correlation correlation_matrix "
        "rank_correlation_matrix"
    )
)
MODELS = frozenset(
    {"linear_regression", *(name for name, roles in METHOD_ROLES.items() if roles == MODEL_ROLES)}
)
ADJUSTING = frozenset({"ancova", "cochran_mantel_haenszel", "two_way_anova"})
COMPARING = frozenset(
    listed("welch_t_test student_t_test mann_whitney_u welch_anova one_way_anova kruskal_wallis")
)


@dataclass(frozen=True)
class Question:
    """A question, its plan and the rows that it selects."""

    linked: Linked  # whole, with what selects rows
    text: str  # in lower case, names blanked out
    found: Plan
    conditions: tuple[Condition, ...]
    columns: tuple[Column, ...]

    def column(self, name: str | None) -> Column | None:
        """Return a column by its name."""
        return next((one for one in self.columns if one.name == name), None)

    def after(self, place: int) -> Mention | None:
        """Return the mention that begins at a place of the text."""
        return next((m for m in self.linked.mentions if self.linked.tokens[m.first].start == place), None)

    @property
    def used(self) -> frozenset[str]:
        """The names of the columns that play a part, or select rows."""
        return frozenset(self.found.columns.values()) | {one.column for one in self.conditions}
