"""Which values of a column of numbers stand for no value: how often each stands there tells, and the name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jobs.analysis.tables.columns import COUNT_PREFIXES
from jobs.analysis.tables.units import listed, words_of

# Nines are the codes of instruments and data sets, the others those of questionnaires ("refused", "unknown").
NINES = frozenset({99, 999, 9_999, 99_999, 999_999, *(-(10**digits - 1) for digits in range(2, 7))})
OF_SURVEYS = frozenset(
    {-1, -7, -8, -9, -66, -77, -88, -97, -98, 66, 77, 88, 97, 98, 777, 888, 997, 998}
    | {-777, -888, 7_777, 8_888, -7_777, -8_888}
)
FRACTIONS = frozenset(
    {-9.9, -9.99, 99.9, 99.99, 999.9, 999.99, 9999.9, -99.9, -99.99, -999.9, -999.99, -9999.9}
)
BESIDE_SCALES = frozenset({7, 8, 9})  # "refused", "do not know" and "no answer" beside steps from 1 to 5
SHORT = 10  # codes nearer to 0 may be measured in many columns
LEAST_COUNT = 2
SEVERAL = 3  # equal values, from which an unknown one is no slip
LEAST_OTHERS = 5  # values, of which two differ
MOST_SHARE = 0.5  # of the values that may be codes without a question
MOST_ZEROS = 0.2  # of the values: more of them are a kind of their own
LEAST_GROWN = 15  # years; where all others are older, an age of 0 is none
FAR, BEYOND = 5.0, 5.0  # ranges of the other values, and widest gaps between them, away from these

_NEVER_NEGATIVE = frozenset(
    listed(
        "pct percent percentage prozent share humidity hum feuchte age alter weight gewicht mass height "
        "groesse größe length länge width breite distance area fläche count anzahl number visits hours "
        "duration dauer speed pressure volume bmi pulse children siblings wind rain rainfall precipitation"
    )
)
_NEVER_ZERO = frozenset(
    listed("height groesse größe weight gewicht mass bmi pulse sbp dbp bp systolic diastolic hr heartrate")
)
_AGES = frozenset(listed("age alter"))
_CHANGES = frozenset(
    listed(
        "change diff difference delta growth return error residual deviation anomaly balance log z net gain "
        "loss relative differenz änderung abweichung"
    )
)
_RATED = frozenset(
    listed(
        "trust satisfaction agree agreement importance likert opinion attitude rating confidence interest "
        "happiness wellbeing stress mood item q question support approval concern frequency vertrauen "
        "zufriedenheit zustimmung wichtigkeit interesse meinung"
    )
)
_COUNTED = COUNT_PREFIXES | frozenset(
    listed("rooms room bedrooms children kids persons people size household visits cyl cylinders gear carb")
)

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """The codes of a column that are certain, and values that may be some, the smallest first."""

    sure: tuple[float, ...] = ()
    doubtful: tuple[float, ...] = ()


def known(*, whole: bool) -> frozenset[float]:
    """Return the codes to look for in a column of whole or of other numbers."""
    if whole:
        return frozenset(NINES | OF_SURVEYS)
    return frozenset(NINES | FRACTIONS | {code for code in OF_SURVEYS if code < 0})


def may_have(name: str, ends: Sequence[float], inner: Sequence[float], *, whole: bool) -> bool:
    """Return whether a column needs a closer look, by its ends and the values next to these."""
    (low, high), (second, last) = ends, inner
    if (
        low in known(whole=whole)
        or high in known(whole=whole)
        or (whole and 7 <= high <= 9 and 0 <= low <= 1)
    ):
        return True
    if (low < 0 and _is_never_negative(name)) or (low == 0 and _is_never_zero(name)):
        return True
    return max(second - low, high - last) >= FAR * (last - second) >= 0 and last > second


def judged(name: str, counts: Mapping[float, int], *, whole: bool) -> Verdict:
    """Tell the codes of a column by how often each of its values stands there, the smallest first.

    A code is certain that is well known, stands there at least twice and in at most half of the values, and
    lies five ranges of the other values away from them; or a negative one where all others are positive, five
    times as far as any two of these, or at least -99, or where the name is of what is never negative; or 8
    and 9 beside steps from 1 to 5. What is less clear, and any value far off that repeats, is doubtful.
    """
    beside = _beside_scale(name, counts) if whole else Verdict()
    if beside.sure or beside.doubtful:
        return beside
    codes, others = _parted(counts, known(whole=whole))
    if others.size < 2 or sum(counts[value] for value in others.tolist()) < LEAST_OTHERS:
        return Verdict()
    few = sum(counts[code] for code in codes) <= MOST_SHARE * sum(counts.values())
    sure = [
        code for code in codes if few and counts[code] >= LEAST_COUNT and _is_sure(name, code, counts, others)
    ]
    doubtful = [
        code for code in codes if code not in sure and _stands_out(code, others, once=counts[code] == 1)
    ]
    zero = _zero(name, counts, others)
    doubtful += [value for value in _odd_ends(name, counts, others) if value not in zero.sure]
    return Verdict(tuple(sorted({*sure, *zero.sure})), tuple(sorted({*doubtful, *zero.doubtful})))


def _parted(counts: Mapping[float, int], codes: Collection[float]) -> tuple[list[float], Numbers]:
    """Return the known codes at the ends of a column, and the values between them."""
    ordered = list(counts)
    low, high = 0, len(ordered)
    while low < high and ordered[low] in codes and ordered[low] < 0:
        low += 1
    while high > low and ordered[high - 1] in codes and ordered[high - 1] > 0:
        high -= 1
    return [*ordered[:low], *ordered[high:]], np.array(ordered[low:high], dtype=float)


def _is_sure(name: str, code: float, counts: Mapping[float, int], others: Numbers) -> bool:
    """Return whether a known code is certainly none of the other values."""
    if _is_far(code, others) or (code < 0 <= others[0] and _is_never_negative(name)):
        return True
    # Nobody writes -999 three times among numbers that end a whole range of theirs above it.
    nines = code in NINES or code in FRACTIONS
    return nines and code <= -99 and counts[code] >= SEVERAL and _away(code, others) >= others[-1] - others[0]


def _is_far(code: float, others: Numbers) -> bool:
    """Return whether a value is so far from the others that it is certainly none of them."""
    if abs(code) >= SHORT and _away(code, others) >= FAR * float(others[-1] - others[0]):
        return True
    if (code in NINES or code in FRACTIONS) and code <= -99 and others[0] >= 0:
        return True
    return bool(code < 0 < others[0]) and _away(code, others) >= BEYOND * float(np.diff(others).max())


def _stands_out(code: float, others: Numbers, *, once: bool) -> bool:
    """Return whether a value is apart from the others, though it may be one of them.

    One that stands there once must be far away, or the only one that is negative.
    """
    apart = _away(code, others) >= BEYOND * float(np.diff(others).max())
    if code < 0 <= others[0]:
        return apart
    return apart and (not once or _is_far(code, others))


def _away(code: float, others: Numbers) -> float:
    return float(others[0] - code if code < others[0] else code - others[-1])


def _beside_scale(name: str, counts: Mapping[float, int]) -> Verdict:
    """Find 8 and 9 beside the steps of a rating, two and more above the last of them."""
    ordered = list(counts)
    run = next((place for place, value in enumerate(ordered) if value != ordered[0] + place), len(ordered))
    rest = ordered[run:]
    steps = run >= 3 and ordered[0] in (0, 1) and ordered[run - 1] <= 6
    if not steps or not rest or not BESIDE_SCALES.issuperset(rest) or rest[0] < ordered[run - 1] + 2:
        return Verdict()
    words = words_of(name)
    several = all(counts[code] >= LEAST_COUNT for code in rest)
    few = sum(counts[code] for code in rest) <= MOST_SHARE * sum(counts.values())
    counted = bool(_COUNTED.intersection(words)) or ordered[0] == 0
    told = bool(_RATED.intersection(words)) or {8, 9} <= set(rest)
    if several and few and told and not counted:
        return Verdict(sure=tuple(rest))
    return Verdict() if counted and not _RATED.intersection(words) else Verdict(doubtful=tuple(rest))


def _zero(name: str, counts: Mapping[float, int], others: Numbers) -> Verdict:
    """Judge zeros where the name is of what is never 0, or an age among grown-ups."""
    count, above = counts.get(0.0, 0), others[others > 0]
    if not count or others[0] < 0 or above.size < 2 or not _is_never_zero(name):
        return Verdict()
    apart = float(above[0]) >= BEYOND * float(np.diff(above).max())
    grown = not _AGES.intersection(words_of(name)) or above[0] >= LEAST_GROWN
    if apart and grown and LEAST_COUNT <= count <= MOST_ZEROS * sum(counts.values()):
        return Verdict(sure=(0.0,))
    of_infants = bool(_AGES.intersection(words_of(name))) and not apart
    return Verdict() if of_infants else Verdict(doubtful=(0.0,))


def _odd_ends(name: str, counts: Mapping[float, int], others: Numbers) -> list[float]:
    """Return values at an end that repeat far from the others, or are negative and cannot be."""
    found, codes = [], known(whole=True)
    low, high = float(others[0]), float(others[-1])
    for value, rest in ((low, others[1:]), (high, others[:-1])):
        rewritten = 0 < abs(value - round(value)) < 0.01 and round(value) in codes  # as the user was told to
        if rest.size < 2 or counts[value] < SEVERAL or rewritten:
            continue
        far = _away(value, rest) >= FAR * float(rest[-1] - rest[0])
        alone = value < 0 <= rest[0] and _is_never_negative(name)
        if (far and sum(counts[one] for one in rest.tolist()) >= LEAST_OTHERS) or alone:
            found.append(value)
    return found


def _is_never_negative(name: str) -> bool:
    words = words_of(name)
    return ("%" in name or bool(_NEVER_NEGATIVE.intersection(words))) and not _CHANGES.intersection(words)


def _is_never_zero(name: str) -> bool:
    words = words_of(name)
    return bool((_NEVER_ZERO | _AGES).intersection(words)) and not _CHANGES.intersection(words)
