"""Numbers are written as APA asks, with the digits that the data carry."""

import pytest

from jobs.analysis.words.numbers import THOUSANDS, bounded, decimals_for, number, percent, probability


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (number(5076.016, 0), f"5{THOUSANDS}076"),
        (number(-0.001, 2), "0.00"),
        (number(3.2e-9), "3.2e-09"),
        (number(None), "–"),
        (bounded(-0.493), "-.49"),
        (bounded(1.0), "1.00"),
        (probability(0.0605), "p = .060"),
        (probability(0.0004), "p < .001"),
        (percent(0.2456), "25 %"),
        (percent(0.001), "0.1 %"),
    ],
)
def test_numbers_are_written_as_apa_asks(written, expected):
    assert written == expected


@pytest.mark.parametrize(
    ("spread", "decimals"), [(800, 0), (7.65, 1), (0.5, 2), (0.004, 4), (0, 2), (None, 2)]
)
def test_decimals_follow_the_spread(spread, decimals):
    assert decimals_for(spread) == decimals
