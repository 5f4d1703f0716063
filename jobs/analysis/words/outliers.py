"""Values that lie far out, in words: how many, which, and what they change."""

from jobs.analysis.design_catalogue import NUMBERS_TO_SCAN
from jobs.analysis.results.result import Sentence
from jobs.analysis.results.scanned import Middle, Outlier, OutlierScan
from jobs.analysis.words import numbers as n
from jobs.analysis.words.facts import Facts, Told

LISTED = 10  # values of one column
COLUMNS = 12
MOST = len(NUMBERS_TO_SCAN)
IN_NORMAL = 0.7  # percent of a large normal sample beyond Tukey's inner fences
AT = "/findings/outliers"


def tell(facts: Facts) -> Told:
    """Say what was found in the column, or in all of them."""
    scans = facts.findings.outliers
    sentences = _of_one(scans[0]) if len(scans) == 1 else _of_all(scans)
    sentences += [
        Sentence(
            f"{one.column} was left out. {one.reason}",
            (f"/findings/skipped/{place}/column", f"/findings/skipped/{place}/reason"),
        )
        for place, one in enumerate(facts.findings.skipped[:COLUMNS])
    ]
    sentences += _beyond(facts)
    if any(scan.marked for scan in scans):
        sentences.append(
            Sentence(
                "To lie far out is no error: look up these rows before any of them is changed or left out."
            )
        )
    return Told(headline(facts), tuple(sentences), None)


def _beyond(facts: Facts) -> list[Sentence]:
    """Say which columns of numbers were left out because there are too many to look through at once."""
    looked = facts.plan.columns.values()
    if len(looked) < MOST:
        return []
    rest = [
        column.name
        for column in facts.profile.values()
        if column.role == "number" and column.name not in looked
    ]
    if not rest:
        return []
    more = " and more" if len(rest) > COLUMNS else ""
    return [
        Sentence(
            f"Not looked at, since there are too many columns at once: {n.joined(rest[:COLUMNS])}{more}."
        )
    ]


def headline(facts: Facts) -> str:
    """Say how many values lie far out in one line."""
    scans = facts.findings.outliers
    if len(scans) == 1:
        scan = scans[0]
        if not scan.marked:
            return f"No value of {scan.column} lies far out, by fences or by modified z"
        lie = "lies" if scan.marked == 1 else "lie"
        return f"{_counted(scan)} of {scan.column} {lie} far out ({_ends(scan)})"
    marked = [scan for scan in scans if scan.marked]
    if not marked:
        return f"No value lies far out in any of {n.count(len(scans))} columns"
    hold = "holds" if len(marked) == 1 else "hold"
    worst = max(marked, key=lambda scan: scan.marked_percent)
    return (
        f"{n.count(len(marked))} of {n.count(len(scans))} columns {hold} values that lie far out, "
        f"{worst.column} the most ({_counted(worst)})"
    )


def _counted(scan: OutlierScan) -> str:
    return f"{n.count(scan.marked)} of {n.counted(scan.everything.n, 'value')}"


def _decimals(scan: OutlierScan) -> int:
    return n.decimals_for(scan.everything.sd)


def _ends(scan: OutlierScan) -> str:
    """Say where the values that lie far out are: from the nearest on each side."""
    middle = scan.everything.median
    low = [one.value for one in scan.outliers if one.value < middle]
    high = [one.value for one in scan.outliers if one.value > middle]
    parts = []
    if low:
        parts.append(f"down to {n.measured(min(low), _decimals(scan), scan.unit)}")
    if high:
        parts.append(f"up to {n.measured(max(high), _decimals(scan), scan.unit)}")
    return " and ".join(parts)


def _of_one(scan: OutlierScan) -> list[Sentence]:
    return [
        *_missing(scan),
        *_rules(scan, 0),
        *(_one(scan, place) for place in range(min(LISTED, len(scan.outliers)))),
        *_more(scan),
        *_without(scan, 0),
    ]


def _missing(scan: OutlierScan) -> list[Sentence]:
    at = f"{AT}/0"
    gaps = f"; {n.count(scan.missing)} more are missing" if scan.missing else "; none is missing"
    text = f"{n.counted(scan.everything.n, 'value')} of {scan.column} were looked at{gaps}."
    return [Sentence(text, (f"{at}/everything/n", f"{at}/missing"))]


def _rules(scan: OutlierScan, place: int) -> list[Sentence]:
    """Tell both rules, where their limits lie, and how many values are beyond."""
    at, decimals = f"{AT}/{place}", _decimals(scan)
    told = []
    if scan.low is None or scan.high is None:
        told.append(
            Sentence(
                "Half of the values or more are equal, so that Tukey's fences have no width and mark nothing."
            )
        )
    else:
        low, high = n.number(scan.low, decimals), n.measured(scan.high, decimals, scan.unit)
        far_low, far_high = n.number(scan.far_low, decimals), n.number(scan.far_high, decimals)
        text = (
            f"Tukey's fences, 1.5 interquartile ranges beyond the quartiles, lie at {low} and {high}: "
            f"{n.counted(scan.beyond, 'value')} beyond them, {n.count(scan.far_beyond)} beyond the outer "
            f"ones at {far_low} and {far_high} too (of a normal distribution about {n.number(IN_NORMAL, 1)} "
            "% lie beyond the first)."
        )
        ends = ("low", "high", "far_low", "far_high", "beyond", "far_beyond", "rules")
        told.append(Sentence(text, tuple(f"{at}/{end}" for end in ends)))
    if scan.score_low is not None and scan.score_high is not None:
        low, high = n.number(scan.score_low, decimals), n.measured(scan.score_high, decimals, scan.unit)
        text = (
            "The modified z score, of the median and the deviations from it, is beyond 3.5 for "
            f"{n.counted(scan.by_score, 'value')}: those below {low} or above {high}."
        )
        told.append(
            Sentence(text, tuple(f"{at}/{end}" for end in ("by_score", "score_low", "score_high", "rules")))
        )
    return told


def _one(scan: OutlierScan, place: int) -> Sentence:
    one, at = scan.outliers[place], f"{AT}/0/outliers/{place}"
    value = n.measured(one.value, _decimals(scan), scan.unit)
    return Sentence(
        f"Row {n.count(one.row)}: {value}, {_why(one)}.", (f"{at}/row", f"{at}/value", f"{at}/score")
    )


def _why(one: Outlier) -> str:
    fence = {"far beyond": "beyond the outer fence", "beyond": "beyond the fence", None: "inside the fences"}[
        one.fence
    ]
    return fence if one.score is None else f"{fence}, modified z {n.number(one.score, 1)}"


def _more(scan: OutlierScan) -> list[Sentence]:
    if scan.marked <= LISTED:
        return []
    at = f"{AT}/0"
    listed = (
        "all of them" if scan.marked == len(scan.outliers) else f"the first {n.count(len(scan.outliers))}"
    )
    pointers = (f"{at}/marked", f"{at}/listed")
    return [
        Sentence(f"These lie farthest out of {n.count(scan.marked)}; the results list {listed}.", pointers)
    ]


def _without(scan: OutlierScan, place: int) -> list[Sentence]:
    """Say what mean, spread and median would be without the values that lie far out."""
    without, at = scan.without, f"{AT}/{place}"
    if without is None:
        return []
    parts = (("mean", "mean"), ("sd", "SD"), ("median", "median"))
    told = [f"{name} {_change(scan, without, part)}" for part, name in parts]
    pointers = tuple(f"{at}/{which}/{part}" for which in ("everything", "without") for part, _ in parts)
    lead = "it" if scan.marked == 1 else "them"
    return [Sentence(f"With and without {lead}: {n.joined(told)}.", pointers)]


def _change(scan: OutlierScan, without: Middle, part: str) -> str:
    before, after = (n.number(getattr(which, part), _decimals(scan)) for which in (scan.everything, without))
    return f"{before} and {after}"


def _of_all(scans: tuple[OutlierScan, ...]) -> list[Sentence]:
    """Tell the columns that hold most of such values."""
    order = sorted(range(len(scans)), key=lambda place: -scans[place].marked_percent)
    told = []
    for place in order[:COLUMNS]:
        scan, at = scans[place], f"{AT}/{place}"
        if not scan.marked:
            continue
        rows = n.joined([n.count(one.row) for one in scan.outliers[:3]])
        which = (
            f"row {rows}"
            if scan.marked == 1
            else f"farthest out in row{'s' if scan.marked > 1 else ''} {rows}"
        )
        text = (
            f"{scan.column}: {_counted(scan)} ({n.number(scan.marked_percent, 1)} %), {n.count(scan.beyond)} "
            f"beyond Tukey's fences and {n.count(scan.by_score)} with a modified z beyond 3.5; {which}."
        )
        parts = ("marked", "marked_percent", "beyond", "by_score", "everything/n", "rules")
        pointers = [f"{at}/{part}" for part in parts]
        pointers += [f"{at}/outliers/{row}/row" for row in range(min(3, len(scan.outliers)))]
        told += [Sentence(text, tuple(pointers)), *_without(scan, place)]
    clean = [scan.column for scan in scans if not scan.marked]
    if clean:
        more = "" if len(clean) <= COLUMNS else " and more"
        told.append(Sentence(f"Nothing lies far out in {n.joined(clean[:COLUMNS])}{more}."))
    return told
