"""Find questions that take a step no method here takes: what makes it so, how much it takes, what follows "
"a change."""

import re

from jobs.analysis.results.result import Plan

MAKES = re.compile(r"^\W*(?:what|which things?) (?:makes?|made|lets?|leads?|gets?)\b")
AFTER_CHANGE = re.compile(
    r"\b(?:after|before|since|following) (?:a|an|the|any|each) "
    r"(?:change|switch|swap|rise|drop|increase|decrease|loss)\b"
)
NEEDED = re.compile(r"\b(?:does|do|did|would|will) it (?:\w+ )?(?:take|need|require)\b|\b(?:is|are) needed\b")


def out_of_reach(text: str, found: Plan) -> str | None:
    """Return why no plan answers such a question, or None."""
    return _reasons(text, found) or _needed(text) or _after_change(text, found)


def _reasons(text: str, found: Plan) -> str | None:
    """Compare two columns where the words ask what makes one of them so."""
    asked = MAKES.search(text)
    if asked is None or len(found.columns) != 2 or found.method in ("linear_regression", "profile"):
        return None
    return (
        f"By '{asked.group().strip()}' the question asks what goes with an outcome; ask 'what predicts "
        "...?' of "
        "the column that it is, or for the difference by one column."
    )


def _after_change(text: str, found: Plan) -> str | None:
    """Compare groups where the words ask what follows when they change: "slips after a change of boots"."""
    asked = AFTER_CHANGE.search(text)
    if asked is None or found.method == "profile" or found.params:
        return None
    return (
        f"By '{asked.group()}' the question asks what follows a change, and what is offered compares "
        "values as they "
        "are; name the column that tells when."
    )


def _needed(text: str) -> str | None:
    """Describe or relate amounts where the words ask how much is needed for something."""
    asked = NEEDED.search(text)
    if asked is None:
        return None
    return (
        f"By '{asked.group().strip()}' the question asks how much of one thing is needed for another, "
        "which no "
        "method here tells; ask for the values of one column, or how two go together."
    )
