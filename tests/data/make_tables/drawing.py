"""Draw single values: counts, ratings, chances, dates, gaps."""

import datetime as dt
import math


def clamp(value, low, high):
    """Return `value`, or the limit that it is beyond."""
    return max(low, min(high, value))


def rating(rng, mean, low, high):
    """A whole-number rating around a mean, kept inside the scale."""
    return clamp(round(rng.gauss(mean, 1.1)), low, high)


def poisson(rng, mean):
    """A Poisson count by multiplication of uniforms (small means only)."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def overdispersed(rng, mean, shape=2.0):
    """A count with more spread than a Poisson of the same mean."""
    return poisson(rng, rng.gammavariate(shape, mean / shape))


def chance(rng, logit):
    """Return whether something happens whose log odds are `logit`."""
    return rng.random() < 1 / (1 + math.exp(-logit))


def yes_no(flag):
    """Return a truth value in words."""
    return "yes" if flag else "no"


def day(start, offset):
    """Return the date `offset` days after `start`."""
    return (dt.date.fromisoformat(start) + dt.timedelta(days=offset)).isoformat()


def with_gaps(rng, rows, shares):
    """The same rows after removing a share of the values of some columns."""
    for column, share in shares.items():
        for row in rows:
            if rng.random() < share:
                row[column] = ""
    return rows
