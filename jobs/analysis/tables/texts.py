"""The texts of a column: how many are different, which are frequent, how long they are."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from jobs.analysis.results.described import Lengths, TopValue
from jobs.analysis.tables.columns import AMOUNT, AMOUNT_SIGN, LEAST_AMOUNTS, MOST_LEVELS
from jobs.analysis.tables.distribution import TOP_VALUES, distribution_of, places_of_largest
from jobs.analysis.tables.pieces import Values

FEW_ROWS = 1_000  # that Python counts sooner than polars begins to
FIRST_TEXTS = 1_000  # which tell whether a column may be one of amounts, and whether its values repeat
FEW = 100  # different values among the first; such a column is counted value by value
MOST_COUNTED = 20_000  # different values that are counted so


@dataclass(frozen=True)
class Texts:
    """What was counted; `levels` are the different texts, sorted, while there are at most 50."""

    filled: int
    distinct: int
    top: tuple[TopValue, ...] = ()
    levels: tuple[str, ...] = ()
    lengths: Lengths | None = None
    amount: str | None = None  # the first text, where the column is one of amounts
    signed: tuple[str, ...] = ()  # of such a column the first texts


def texts_of(values: Values) -> Texts:
    """Count the texts of a column, missing ones left out.

    Where there are many different ones they are told apart by 64 bits each: of ten million, two are taken for
    one with a probability of 3 in a million.
    """
    if values.rows <= FEW_ROWS:
        return _of_few([text for piece in values for text in piece.to_list() if text is not None])
    filled, lengths = _lengths(values)
    if lengths is None:
        return Texts(0, 0)
    counted = _counted(values)
    distinct, top = _hashed(values) if counted is None else (counted.height, _first(counted))
    levels: tuple[str, ...] = ()
    if counted is not None and distinct <= MOST_LEVELS:
        levels = tuple(counted.get_column("value").sort())
    amount = _amount(values, filled)
    signed = () if amount is None else tuple(next(_present(values)).head(FIRST_TEXTS))
    return Texts(filled, distinct, top, levels, lengths, amount, signed)


def _of_few(texts: Sequence[str]) -> Texts:
    """Do the same to a few texts, which takes less time than a single query."""
    if not texts:
        return Texts(0, 0)
    counted = Counter(texts)
    frequent = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP_VALUES]
    lengths = [len(text) for text in texts]
    amounts = sum(1 for text in texts if re.search(AMOUNT, text) and re.search(AMOUNT_SIGN, text))
    return Texts(
        filled=len(texts),
        distinct=len(counted),
        top=tuple(TopValue(*pair) for pair in frequent) if frequent[0][1] > 1 else (),
        levels=tuple(sorted(counted)) if len(counted) <= MOST_LEVELS else (),
        lengths=Lengths(min(lengths), sum(lengths) / len(texts), max(lengths)),
        amount=texts[0] if amounts >= LEAST_AMOUNTS * len(texts) else None,
        signed=tuple(texts[:FIRST_TEXTS]) if amounts >= LEAST_AMOUNTS * len(texts) else (),
    )


def _present(values: Values) -> Iterator[pl.Series]:
    for piece in values:
        yield piece.drop_nulls().alias("value")


def _lengths(values: Values) -> tuple[int, Lengths | None]:
    filled, total, shortest, longest = 0, 0, 2**31, 0
    for piece in _present(values):
        if len(piece):
            length = piece.str.len_chars().to_numpy()
            filled, total = filled + len(piece), total + int(length.sum())
            shortest, longest = min(shortest, int(length.min())), max(longest, int(length.max()))
    return filled, Lengths(shortest, total / filled, longest) if filled else None


def _counted(values: Values) -> pl.DataFrame | None:
    """Return how often each text stands there; None where many are different."""
    first = next(_present(values)).head(FIRST_TEXTS)
    return _counts(values) if first.n_unique() <= FEW or len(first) <= FEW else None


def _counts(values: Values) -> pl.DataFrame | None:
    counted = pl.DataFrame(schema={"value": pl.String, "count": pl.Int64})
    for piece in _present(values):
        more = piece.value_counts(name="count").cast({"count": pl.Int64})
        counted = pl.concat([counted, more]).group_by("value").sum() if counted.height else more
        if counted.height > MOST_COUNTED:
            return None
    return counted


def _first(counted: pl.DataFrame) -> tuple[TopValue, ...]:
    """Return the most frequent texts, equal counts by the alphabet; none when each stands once."""
    first = counted.sort(["count", "value"], descending=[True, False]).head(TOP_VALUES)
    top = tuple(TopValue(text, count) for text, count in first.iter_rows())
    return top if top and top[0].count > 1 else ()


def _hashed(values: Values) -> tuple[int, tuple[TopValue, ...]]:
    """Count different texts by numbers that stand for them; look up only the frequent ones."""
    keys = np.concatenate([_keys(piece).to_numpy() for piece in _present(values)])
    found = distribution_of(keys)
    if found.values.size == found.n:
        return found.n, ()
    places = places_of_largest(found.counts)
    counts: dict[int, int] = dict(
        zip(found.values[places].tolist(), found.counts[places].tolist(), strict=True)
    )
    return int(found.values.size), _look_up(values, counts)


def _look_up(values: Values, counts: dict[int, int]) -> tuple[TopValue, ...]:
    wanted = pl.Series("key", list(counts), dtype=pl.Int64)
    texts = pl.DataFrame(schema={"value": pl.String, "key": pl.Int64})
    for piece in _present(values):
        keyed = pl.DataFrame([piece, _keys(piece).alias("key")])
        texts = pl.concat([texts, keyed.filter(pl.col("key").is_in(wanted.implode()))]).unique("key")
    number = pl.DataFrame({"key": wanted, "count": list(counts.values())})
    return _first(texts.join(number, on="key").select("value", "count"))


def _keys(texts: pl.Series) -> pl.Series:
    """Return a whole number for each text, the same for the same text."""
    return texts.hash().reinterpret(signed=True)


def _amount(values: Values, filled: int) -> str | None:
    """Return the first text of a column of amounts with signs, such as "$1,200.50"."""
    first = next(_present(values)).head(FIRST_TEXTS)
    if _amounts(first) < LEAST_AMOUNTS * len(first):  # most text holds none, which its first values show
        return None
    amounts, example = 0, None
    for piece in _present(values):
        amounts += _amounts(piece)
        example = piece[0] if example is None and len(piece) else example
    return example if amounts >= LEAST_AMOUNTS * filled else None


def _amounts(texts: pl.Series) -> int:
    return int((texts.str.contains(AMOUNT) & texts.str.contains(AMOUNT_SIGN)).sum())
