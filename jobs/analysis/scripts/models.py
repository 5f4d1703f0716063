"""Which parts the program of a model is made of, its literals, and the numbers that it must find again."""

from collections.abc import Iterator, Mapping

from jobs.analysis.results.modelled import FOLDING, Coefficient, Model
from jobs.analysis.results.result import Findings
from jobs.analysis.scripts import effects

# By the scale of the outcome.
PARTS: Mapping[str, tuple[str, ...]] = {
    "identity": ("design", "least_squares"),
    "log": ("design", "least_squares"),
    "log odds": ("design", "likelihood", "logistic"),
    "log rate": ("design", "likelihood", "counts"),
}


def literals(model: Model, columns: Mapping[str, str]) -> list[str]:
    """Write what the design is made of: each predictor's role and its levels, () for a number."""
    lines = ["PREDICTORS = {  # levels of a category, the first being what the others are compared with"]
    for role, name in columns.items():
        if role != "outcome":
            lines.append(f"    {role!r}: {_levels(model, name)!r},")
    lines.append("}")
    if model.scale in ("identity", "log"):
        return [*lines, f"LOGARITHM = {model.scale == 'log'!r}", f"FOLDING = {FOLDING}  # seed"]
    if model.event is not None:
        return [*lines, f"EVENT = {model.event!r}  # counts as 1"]
    return [*lines, f"SPREAD = {model.fit.get('theta') is not None!r}  # more than a Poisson's"]


def _levels(model: Model, name: str) -> tuple[str, ...]:
    own = [found for found in model.coefficients if found.column == name]
    if own[0].level is None:
        return ()
    return (own[0].reference or "", *(found.level or "" for found in own))


def numbers(findings: Findings) -> Iterator[tuple[str, float | None]]:
    """Name the numbers of a model."""
    yield "n used", findings.sample.n_used
    model = findings.model
    if model is None:
        return
    for test in findings.tests:
        yield f"{test.role} statistic", test.statistic
        yield f"{test.role} pvalue", test.pvalue
        for place, df in enumerate(test.df, 1):
            yield f"{test.role} df {place}", df
    yield from model.fit.items()
    for effect in findings.effect_sizes:
        if effect.name == "auc":
            yield effect.name, effect.value
        else:
            yield from effects.limits(effect, findings.sample.n_used)
    for found in model.coefficients:
        name = _name(found)
        yield f"{name} estimate", found.estimate
        yield f"{name} error", found.error
        yield f"{name} low estimate", found.interval.low
        yield f"{name} high estimate", found.interval.high
        yield f"{name} pvalue", found.pvalue
        if found.profile_interval is not None:
            yield f"low profile limit of {name}", found.profile_interval.low
            yield f"high profile limit of {name}", found.profile_interval.high


def _name(found: Coefficient) -> str:
    """Name a coefficient as the program does."""
    if found.column is None:
        return "intercept"
    return found.column if found.level is None else f"{found.column} = {found.level}"
