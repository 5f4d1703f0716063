"""How often a trend is seen where there is only a season: `python -m benchmarks.false_alarms`.

Series of months with a season, without a trend, of independent or autocorrelated points: the share in which
the p-value of the seasonal Mann-Kendall test is below 5 %, by whether the covariances of the places of the
season count. Measured in November 2026; the rule stands in `jobs/analysis/methods/trend.py`:

| autocorrelation | cycles | without covariances | always with them | as the method does |
|---:|---:|---:|---:|---:|
| 0.0 | 4 | 4.45 % | 0.20 % | 4.10 % |
| 0.0 | 5 | 4.35 % | 1.25 % | 4.15 % |
| 0.0 | 6 | 4.75 % | 2.50 % | 4.70 % |
| 0.0 | 8 | 5.05 % | 3.40 % | 4.90 % |
| 0.0 | 12 | 4.70 % | 4.60 % | 4.80 % |
| 0.4 | 4 | 14.55 % | 0.05 % | 6.50 % |
| 0.4 | 5 | 14.35 % | 0.65 % | 4.10 % |
| 0.4 | 6 | 16.35 % | 1.80 % | 4.10 % |
| 0.4 | 8 | 17.20 % | 3.35 % | 4.00 % |
| 0.4 | 12 | 16.60 % | 4.55 % | 4.55 % |
"""

import numpy as np

from jobs.analysis import methods
from jobs.analysis.numerics.change import two_sided
from jobs.analysis.numerics.seasons import seasonal_kendall
from jobs.analysis.results.result import Plan
from jobs.analysis.sampling.times import TimeSample

ROUNDS, SEASON, WARM_UP = 2_000, 12, 50
ASKED = Plan("trend", "trend_over_time", {}, confidence=1.0, because="given", explicit=True)


def series(cycles: int, sticky: float, random: np.random.Generator) -> TimeSample:
    """Draw a season of height 2 and noise of which each point keeps `sticky` of the one before."""
    n = cycles * SEASON
    noise = random.normal(size=n + WARM_UP)
    for place in range(1, noise.size):
        noise[place] += sticky * noise[place - 1]
    t, labels = np.arange(float(n)), tuple(map(str, range(n)))
    y = 2.0 * np.sin(t * np.pi / 6.0 + random.uniform(0.0, 6.0)) + noise[WARM_UP:]
    return TimeSample("y", "t", t, y, "month", labels[0], labels[-1], SEASON, n, 1, labels, n, {})


def alarms(cycles: int, sticky: float) -> tuple[float, float, float]:
    """Give the shares of false alarms: without covariances, always with them, and as the method does."""
    random = np.random.default_rng([20140305, cycles, round(10 * sticky)])
    found = np.zeros(3)
    for _ in range(ROUNDS):
        sample = series(cycles, sticky, random)
        kendall = seasonal_kendall(sample.values, SEASON)
        found[0] += two_sided(kendall.z(corrected=False)) < 0.05
        found[1] += two_sided(kendall.z(corrected=True)) < 0.05
        found[2] += methods.run(ASKED, sample).tests[0].pvalue < 0.05
    return tuple(100.0 * found / ROUNDS)


def main() -> None:
    """Print a table in percent; the standard error of each share is about half a point."""
    print("| autocorrelation | cycles | without covariances | always with them | as the method does |")
    print("|---:|---:|---:|---:|---:|")
    for sticky in (0.0, 0.4):
        for cycles in (4, 5, 6, 8, 12):
            shares = " | ".join(f"{share:.2f} %" for share in alarms(cycles, sticky))
            print(f"| {sticky} | {cycles} | {shares} |", flush=True)


if __name__ == "__main__":
    main()
