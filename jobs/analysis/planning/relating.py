"""Read questions about every pair of many columns: "correlation matrix", "how are a, b and c related?"."""

import re
from collections.abc import Sequence

from jobs.analysis.catalogue import MATRIX_COLUMNS
from jobs.analysis.planning import asking, clarify, doubts, holding, selection, unread
from jobs.analysis.planning.codes import is_code
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.readings import unusable
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import listed

RELATED = re.compile(
    r"\bcorrelat|\brelat(e|es|ed|ions?|ionships?)\b|\bassociat|\bheat ?map\b|\bgo(es)? together\b|"
    r"\b(move|hang|belong)s? together\b|\bpairwise\b|\blink(s|ed)?\b|\bcorrs?\b"
)
EVERY = re.compile(
    r"\bcorrelation matrix\b|\bheat ?map\b|\bmatrix of correlations?\b|\bpairwise corr|"
    r"\bcorrelations? (matrix|table|plot)\b|"
    r"\b(all|every|each|between|among|amongst) (of )?(the |these |my |our )?(other )?"
    r"(numeric\w*|quantitative|pairs?|variables?|numbers?|measure\w*|columns?|features?|values)\b|"
    r"\b(which|what) (numeric |numerical )?(variables?|columns?|measure\w*|features?|things?) "
    r"(are|is|go|move)\b|"
    r"\beverything\b"
)
GENERIC = frozenset(
    listed(
        "correlation correlations matrix corrs heatmap heat map table plot all every each numeric numerical "
        "quantitative variable variables column columns measure measures measurement measurements number "
        "numbers feature features pair pairs pairwise everything values data dataset show please calculate "
        "two three four five six seven eight nine ten cols col corr scores marks ratings "
        "compute make draw give strongest strongly closely spearman pearson rank ranks"
    )
)
RANKS = re.compile(r"\bspearman\b|\branks?\b|\bmonoton")
LEAST_COLUMNS = 3


def read(
    linked: Linked, names: Sequence[Column], columns: Sequence[Column], *, method: str | None = None
) -> Plan | None:
    """Return the matrix that a question asks for, None where it asks for something else.

    `method` is the one that the question names.
    """
    text = linked.without_names()
    asked = method is not None or RELATED.search(text)
    if (
        not asked
        or asking.INTERACTION.search(text)
        or holding.asks(linked)
        or any(m.ambiguous or m.best.value is not None for m in linked.mentions)
    ):
        return None
    if names and (len(names) < LEAST_COLUMNS or not all(_is_scale(column) for column in names)):
        return None
    if not names and not EVERY.search(text):
        return None
    lost = [phrase.words for phrase in unread.unresolved(linked) if not _generic(phrase.words)]
    trouble = selection.selected_rows(linked) or doubts.restricted_to(linked)
    if lost and trouble is None:
        trouble = f"No column was found for {', '.join(repr(words) for words in lost)}."
    taken = tuple(names) or tuple(c for c in columns if _is_number(c) and not is_code(c))
    if trouble is None:
        trouble = _too_few_or_many(taken)
    if trouble is not None:
        return clarify.ask(linked, trouble, (), 0.4)
    ranks = bool(RANKS.search(text)) or method == "rank_correlation_matrix"
    return _plan(linked, taken, columns, everything=not names, ranks=ranks)


def _is_number(column: Column) -> bool:
    return column.dtype in ("integer", "number") and column.role != "id" and unusable(column) is None


def _is_scale(column: Column) -> bool:
    return _is_number(column) and column.distinct > 2 and not is_code(column)


def _generic(words: str) -> bool:
    return all(word in GENERIC for word in re.findall(r"[^\W_]+", words.lower()))


def _too_few_or_many(taken: Sequence[Column]) -> str | None:
    if len(taken) < 2:
        return f"The table has {len(taken)} columns of numbers; a correlation needs two."
    if len(taken) > len(MATRIX_COLUMNS):
        return (
            f"The table has {len(taken)} columns of numbers, and a matrix shows at most "
            f"{len(MATRIX_COLUMNS)}; name those that matter."
        )
    return None


def _plan(
    linked: Linked, taken: Sequence[Column], columns: Sequence[Column], *, everything: bool, ranks: bool
) -> Plan:
    method = "rank_correlation_matrix" if ranks else "correlation_matrix"
    notes = []
    if everything:
        left_out = [column.name for column in columns if column not in taken]
        notes.append(f"All {len(taken)} columns of numbers were taken.")
        if left_out:
            names = ", ".join(f"'{name}'" for name in left_out[:12])
            notes.append(f"Left out, since they hold no measured numbers: {names}.")
    listed_names = ", ".join(f"'{column.name}'" for column in taken[:6]) + (", ..." if len(taken) > 6 else "")
    return Plan(
        "relationship_matrix",
        method,
        {role: column.name for role, column in zip(MATRIX_COLUMNS, taken, strict=False)},
        0.9,
        f"Every pair of {len(taken)} columns is correlated: {listed_names}.",
        clarify.read_as(linked),
        notes=tuple(notes),
    )
