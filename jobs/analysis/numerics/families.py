"""How an outcome that is no plain number is spread about what a model tells: yes or no, counts."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]


class Family(Protocol):
    """How the outcome is spread about what the linear predictor tells."""

    def mean(self, eta: Floats) -> Floats:
        """Give the expected outcome at a linear predictor."""

    def weight(self, mu: Floats) -> Floats:
        """Give (dmu/deta)^2 / variance."""

    def slope(self, mu: Floats) -> Floats:
        """Give dmu/deta."""

    def deviance(self, y: Floats, mu: Floats) -> float:
        """Give twice what the log likelihood lacks to its largest value."""

    def log_likelihood(self, y: Floats, mu: Floats) -> float:
        """Give the log likelihood."""

    def start(self, y: Floats) -> float:
        """Give the linear predictor of the mean of all."""


class Logistic:
    """Yes or no, by the logarithm of the odds."""

    def mean(self, eta: Floats) -> Floats:
        """Give the probability."""
        return np.asarray(special.expit(eta), dtype=np.float64)

    def slope(self, mu: Floats) -> Floats:
        """Give p (1 - p)."""
        return mu * (1.0 - mu)

    def weight(self, mu: Floats) -> Floats:
        """Give p (1 - p)."""
        return mu * (1.0 - mu)

    def deviance(self, y: Floats, mu: Floats) -> float:
        """Give -2 times the log likelihood."""
        return -2.0 * self.log_likelihood(y, mu)

    def log_likelihood(self, y: Floats, mu: Floats) -> float:
        """Give the log likelihood of a Bernoulli outcome."""
        return float(np.sum(special.xlogy(y, mu) + special.xlog1py(1.0 - y, -mu)))

    def start(self, y: Floats) -> float:
        """Give the log odds of the share."""
        return float(special.logit(y.mean()))


class Poisson:
    """Counts whose variance is their mean, by the logarithm of the rate."""

    def mean(self, eta: Floats) -> Floats:
        """Give the rate."""
        return np.asarray(np.exp(np.minimum(eta, 700.0)), dtype=np.float64)

    def slope(self, mu: Floats) -> Floats:
        """Give the rate."""
        return mu

    def weight(self, mu: Floats) -> Floats:
        """Give the rate."""
        return mu

    def deviance(self, y: Floats, mu: Floats) -> float:
        """Give the deviance of a Poisson outcome."""
        return float(2.0 * np.sum(special.xlogy(y, y) - special.xlogy(y, mu) - (y - mu)))

    def log_likelihood(self, y: Floats, mu: Floats) -> float:
        """Give the log likelihood of a Poisson outcome."""
        return float(np.sum(special.xlogy(y, mu) - mu - special.gammaln(y + 1.0)))

    def start(self, y: Floats) -> float:
        """Give the logarithm of the mean."""
        return float(np.log(y.mean()))


@dataclass(frozen=True)
class NegativeBinomial:
    """Counts whose variance is mu + mu^2 / theta, by the logarithm of the rate."""

    theta: float

    def mean(self, eta: Floats) -> Floats:
        """Give the rate."""
        return np.asarray(np.exp(np.minimum(eta, 700.0)), dtype=np.float64)

    def slope(self, mu: Floats) -> Floats:
        """Give the rate."""
        return mu

    def weight(self, mu: Floats) -> Floats:
        """Give mu / (1 + mu / theta)."""
        return np.asarray(mu / (1.0 + mu / self.theta), dtype=np.float64)

    def deviance(self, y: Floats, mu: Floats) -> float:
        """Give the deviance at this theta."""
        both = (y + self.theta) * np.log((y + self.theta) / (mu + self.theta))
        return float(2.0 * np.sum(special.xlogy(y, y) - special.xlogy(y, mu) - both))

    def log_likelihood(self, y: Floats, mu: Floats) -> float:
        """Give the log likelihood at this theta."""
        t = self.theta
        terms = special.gammaln(y + t) - special.gammaln(t) - special.gammaln(y + 1.0)
        terms = terms + t * np.log(t) + special.xlogy(y, mu) - (y + t) * np.log(mu + t)
        return float(np.sum(terms))

    def start(self, y: Floats) -> float:
        """Give the logarithm of the mean."""
        return float(np.log(y.mean()))
