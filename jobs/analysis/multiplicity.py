"""How a p-value looks beside those of the other questions that were asked of the same table.

Who asks twenty questions of noise finds one answer by chance. So the p-value that answers a question is also
adjusted for all questions that have one; `jobs.analysis.questions` keeps them.
"""

import hashlib
from collections.abc import Callable, Iterable

import numpy as np
import orjson

from jobs.analysis.catalogue import METHOD_TITLES
from jobs.analysis.methods.bends import METHOD as AGAINST_LINE
from jobs.analysis.numerics.corrections import benjamini_hochberg, holm
from jobs.analysis.results.asked import Multiplicity, OtherQuestion, Question
from jobs.analysis.results.condition import in_words
from jobs.analysis.results.result import Dataset, Findings, Plan
from jobs.analysis.results.results_file import as_json

Others = Callable[[Question], Iterable[Question]]


def nothing_else(question: Question) -> tuple[Question, ...]:  # noqa: ARG001 - one that `Others` may stand for
    """Return no other question: the one at hand is the only one."""
    return ()


def question_of(plan: Plan, findings: Findings, dataset: Dataset, *, sheet: str | None) -> Question | None:
    """Return the question that a plan answers by a p-value; None where it has none.

    Descriptions and questions that are asked back have none. That of a matrix is the smallest of its pairs,
    adjusted for their number; of two numbers told by a parabola that of the parabola against the line, since
    a coefficient beside it answers nothing; of any other method that of the primary test, not those of terms,
    of pairs of groups or of tests beside it.
    """
    found = _pvalue(findings)
    if plan.needs_clarification or found is None:
        return None
    pointer, pvalue = found
    asked = {
        "dataset": dataset.sha256,
        "sheet": sheet,
        "method": plan.method,
        "columns": dict(plan.columns),
        "params": dict(plan.params),
        "where": sorted(orjson.dumps(as_json(condition)).decode() for condition in plan.where),
    }
    identity = hashlib.sha256(orjson.dumps(as_json(asked), option=orjson.OPT_SORT_KEYS)).hexdigest()
    return Question(identity, dataset.sha256, _words(plan), pvalue, pointer)


def corrected(question: Question, others: Iterable[Question]) -> Multiplicity:
    """Return a question's p-value, raw and adjusted for all questions of the same table.

    Parameters
    ----------
    others : iterable of Question, oldest first
        Those of other tables take no part, nor does the same question asked before; of one that was asked
        several times the last counts.
    """
    distinct = {other.identity: other for other in others if other.dataset == question.dataset}
    distinct.pop(question.identity, None)
    family = [question, *distinct.values()]
    raw = np.array([member.pvalue for member in family])
    adjusted = [(float(a), float(b)) for a, b in zip(holm(raw), benjamini_hochberg(raw), strict=True)]
    return Multiplicity(
        questions=len(family),
        pointer=question.pointer,
        pvalue=question.pvalue,
        holm=adjusted[0][0],
        benjamini_hochberg=adjusted[0][1],
        others=tuple(
            OtherQuestion(other.words, other.pvalue, by_holm, by_bh)
            for other, (by_holm, by_bh) in zip(family[1:], adjusted[1:], strict=True)
        ),
    )


def _pvalue(findings: Findings) -> tuple[str, float] | None:
    """Return where the p-value stands that answers the question, and the p-value."""
    if findings.matrix is not None and findings.matrix.pairs:
        pairs = findings.matrix.pairs
        place = min(range(len(pairs)), key=lambda index: pairs[index].holm)
        return f"/findings/matrix/pairs/{place}/holm", pairs[place].holm
    leading = _leading(findings)
    return None if leading is None else (f"/findings/tests/{leading}/pvalue", findings.tests[leading].pvalue)


def _leading(findings: Findings) -> int | None:
    """Return the place of the test that the answer is told by; None where it is told without one."""
    if findings.parabola is not None:
        methods = [test.method for test in findings.tests]
        return methods.index(AGAINST_LINE) if AGAINST_LINE in methods else None
    roles = [test.role for test in findings.tests]
    if not roles:
        return None
    return roles.index("primary") if "primary" in roles else 0


def _words(plan: Plan) -> str:
    title = METHOD_TITLES[plan.method]
    columns = f" of {' and '.join(plan.columns.values())}" if plan.columns else ""
    rows = f", where {in_words(plan.where)}" if plan.where else ""
    return f"{title[0].upper()}{title[1:]}{columns}{rows}"
