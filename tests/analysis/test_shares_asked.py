"""Shares of what happened are taken within what may explain it, whichever of the two is named first."""

from pathlib import Path

import pytest

from jobs.analysis.tables.events import is_event
from tests.analysis.whole import answered

# Charig et al. (1986), kidney stones: 273 of 350 successes with A, 289 of 350 with B.
STONES = {("A", "success"): 273, ("A", "failure"): 77, ("B", "success"): 289, ("B", "failure"): 61}


@pytest.fixture
def stones(tmp_path: Path) -> Path:
    rows = [f"{treatment},{outcome}" for (treatment, outcome), n in STONES.items() for _ in range(n)]
    table = tmp_path / "stones.csv"
    table.write_text("\n".join(["treatment,outcome", *rows]) + "\n")
    return table


@pytest.mark.parametrize(
    ("question", "event", "risk", "share"),
    [
        (
            "Which treatment has more success?",
            "success (B against A)",
            289 / 273,
            "success in 273 of 350 rows",
        ),
        ("Is outcome related to treatment?", "failure (A against B)", 77 / 61, "failure in 77 of 350 rows"),
    ],
)
def test_shares_of_what_happened_are_taken_within_the_treatments(
    question, event, risk, share, stones, tmp_path
):
    found = answered(stones, tmp_path / "p", question=question)

    assert found.plan.columns == {"row": "treatment", "column": "outcome"}
    ratio = next(effect for effect in found.findings.effect_sizes if effect.name == "risk_ratio")
    assert ratio.title == f"risk ratio of outcome = {event}"
    assert ratio.value == pytest.approx(risk, rel=1e-9)
    told = " ".join(sentence.text for sentence in found.interpretation.paragraphs)
    assert f"Where treatment is A, outcome is {share}" in told


@pytest.mark.parametrize(
    ("levels", "event"),
    [
        (("failure", "success"), True),
        (("no", "yes"), True),
        (("alive", "died"), True),
        (("A", "B"), False),
        (("female", "male"), False),
        (("1", "2", "yes"), False),
    ],
)
def test_two_values_are_known_to_say_how_something_ended(levels, event):
    assert is_event(levels) is event
