"""What a question asks for, told by its words: also the answers that there is no method for yet."""

import re
from dataclasses import dataclass

from jobs.analysis.planning.asking_words import (
    BEFORE_AFTER as BEFORE_AFTER,
)
from jobs.analysis.planning.asking_words import (
    CAUSE as CAUSE,
)
from jobs.analysis.planning.asking_words import (
    COMPARISON as COMPARISON,
)
from jobs.analysis.planning.asking_words import (
    CONTEXT as CONTEXT,
)
from jobs.analysis.planning.asking_words import (
    CORRELATION as CORRELATION,
)
from jobs.analysis.planning.asking_words import (
    DESCRIPTION as DESCRIPTION,
)
from jobs.analysis.planning.asking_words import (
    DIRECT_COMPARISON as DIRECT_COMPARISON,
)
from jobs.analysis.planning.asking_words import (
    EXPLAINS_FIRST as EXPLAINS_FIRST,
)
from jobs.analysis.planning.asking_words import (
    EXPLAINS_SECOND as EXPLAINS_SECOND,
)
from jobs.analysis.planning.asking_words import (
    MATTERS as MATTERS,
)
from jobs.analysis.planning.asking_words import (
    MISSING as MISSING,
)
from jobs.analysis.planning.asking_words import (
    NO_PARTNER as NO_PARTNER,
)
from jobs.analysis.planning.asking_words import (
    OVER_TIME as OVER_TIME,
)
from jobs.analysis.planning.asking_words import (
    OVERVIEW as OVERVIEW,
)
from jobs.analysis.planning.asking_words import (
    RANKS as RANKS,
)
from jobs.analysis.planning.asking_words import (
    REGRESSION as REGRESSION,
)
from jobs.analysis.planning.asking_words import (
    RELATED as RELATED,
)
from jobs.analysis.planning.asking_words import (
    RELATION as RELATION,
)
from jobs.analysis.planning.asking_words import (
    REMAINING as REMAINING,
)
from jobs.analysis.planning.asking_words import (
    SPLITTERS as SPLITTERS,
)
from jobs.analysis.planning.asking_words import (
    TIMELY as TIMELY,
)
from jobs.analysis.planning.linking import Linked


@dataclass(frozen=True)
class Unavailable:
    """A kind of question without a method: how it is recognised, and what to tell the asker."""

    name: str
    pattern: re.Pattern[str]
    explanation: str


def _kind(name: str, explanation: str, *patterns: str) -> Unavailable:
    return Unavailable(name, re.compile("|".join(patterns)), explanation)


# First match first. The text that is searched is in lower case, with the names of columns blanked out.
UNAVAILABLE: tuple[Unavailable, ...] = (
    _kind(
        "paired",
        "The question compares measurements of the same subjects; name the two columns that hold them, or "
        "the number, its groups and the column that says whose each row is",
        r"\bpaired\b|repeated.measure|within.(subject|person|patient)s?\b|\bpre.?(and|to|vs|versus)?.?post\b",
        r"\b(everyone|everybody|each of them|they all|all of them)\b.*\b(all|both|each|every)\b",
        r"\bsame (subject|patient|person|people|participant|animal|id|individual|student|pupil|customer|"
        r"child|children|row|"
        r"taster|bird|car|employee|plot|user|visitor|woman|women|man|men|unit|one|respondent)s?\b|matched "
        r"pairs?",
        r"\b(before|after) (and|to|vs\.?|versus|or|than) (after|before)\b|\btwice\b|\bboth times\b",
    ),
    _kind(
        "interaction",
        "The question asks whether one effect depends on another column; name one number and two groupings "
        "for it",
        r"\binteract|\bmoderat(es?|ed|ing|ion|or)\b",
        r"\b(effect|impact|influence)\b.*\b(depends?|differs?|differ|var(y|ies)|changes?|same)\b.*"
        r"\b(on|by|between|across|for|in|with)\b",
        r"\b(effect|impact|influence|difference|gap|association|relationship|link)s?\b.*"
        r"\b(holds?|persists?|exists?|consistent|appears?|true)\b.*\b(in|across|for|at|within|among)\b",
        r"\b(effect|impact|influence|difference|gap|advantage|disparity)s?\b.*"
        r"\b(larger|bigger|greater|smaller|wider|narrower|higher|lower)\b "
        r"(in|for|among|at|on|with|under|within|across)\b.*\bthan\b",
        r"\b(relationship|relation|association|correlation|link)\b.*\b(affected|influenced|changed) by\b",
        r"\b(works?|acts?|performs?|behaves?) different(?:ly)?\b.*\b(from|by|in|across|between|at|on|for)\b",
        r"\bmore\b.*\b(?:under|in|at|on|for|with) (?:some|certain|one) _+ than (?:under |in |at |on |for |"
        r"with )?"
        r"(?:others?|another)\b",
        r"\b(relationship|relation|association|correlation|link|difference|gap|disparity|advantage)\b.*"
        r"\b(depends?|differs?|differ|different|var(y|ies)|changes?|stronger|weaker|same)\b.*"
        r"\b(on|by|between|across|for|in|with|than)\b",
    ),
    _kind(
        "adjusted",
        "The question asks for a comparison with other columns held constant, which takes one number by one "
        "grouping, adjusting for numbers that are named after it",
        r"\bcontrol(s|led|ling|ing)?\b.*\bfor\b|\badjust(s|ed|ing)?\b.*\bfor\b|\baccount(s|ed|ing)? for\b",
        r"\bhold(ing)?\b.*\b(constant|fixed|equal)\b|\binto account\b|\bcorrect(ed|ing) for\b|\bnet of\b",
        r"\bcovariate|\bconfound|\bceteris|\bindependently of\b|\ballowing for\b|\bregardless of\b",
        r"\bgiven the same\b|\b(other|all else) (things )?(being )?equal\b",
    ),
    _kind(
        "trend",
        "The question asks how something changes over time; name one number and one column of times",
        r"\btrends?\b|\b(over|through|with|throughout|in) (the )?(course of )?time\b|"
        r"\btime.?series\b|\bseason",
        r"\bforecast|\byear.(on|over).year\b|\bsince \d{4}\b|\bfrom \d{4} (to|until)\b|\bevol(ve|ved|ution)",
        r"\b(rising|growing|falling|declining|increasing|decreasing)\s*\W*$|\bautocorrel|\bhistorical",
    ),
    _kind(
        "matrix",
        "The question asks for many columns at once; ask for a correlation matrix of all rows, or name two",
        r"\bcorrelation matrix\b|\bcorrelat\w* (between|among|of|for) (all|every|each)\b|\bpairwise corr",
        r"\b(all|every|each) (of )?(the )?(numeric|numerical|pair|variable|number|quantitative|other)",
        r"\bheat ?map\b|\bwith everything\b|(?<!on )(?<!from )(?<!by )\beverything else\b|\bamong (the "
        r")?(variables|columns)\b",
    ),
    _kind(
        "future",
        "The question asks what will be or would have been, and the methods here tell what is in the table",
        r"\b(will|gonna|going to)\b.*\b(next|tomorrow|future|soon|ever|coming)\b|\btomorrow\b",
        r"\bnext (year|month|week|quarter|season|decade|winter|spring|summer|autumn|fall)\b|\bforecast",
        r"\bwould\b.*\bhave (been|had|happened)\b|\bhad (everyone|everybody|all|we|they|it)\b|\bwhat if\b",
    ),
    _kind(
        "multivariate",
        "The question asks for a method that is not available yet",
        r"\bcluster|\bprincipal comp|\bpca\b|\bfactor analysis|\bclassif(y|ier|ication)|\bmachine learning",
        r"\bneural|\brandom forest|\bkaplan|\bhazard|\bcox\b|\bsample size (needed|required)|"
        r"\bhow many .*needed",
        r"\bpower analysis|\bmediat(e|es|ed|ion|or|ing)\b|\bequivalence\b|\bnon.?inferior|"
        r"\bfeature importance",
        r"\bsegmentation\b|\bbayes",
    ),
    _kind(
        "normality",
        "One column of numbers at a time can be compared with a normal distribution; name one",
        r"\bnormal(ly)?[ -]distribut|\bnormality\b|\bnormal distribution|\bgaussian|\bbell|"
        r"\bshapiro|\bis _+ normal",
    ),
    _kind(
        "outliers",
        "Values that lie far out are looked for in one column of numbers, or in all of them; name one, or "
        "none",
        r"\boutlier|\boutlying|\banomal|\bextreme (value|observation|case)|\bunusual|\bsuspicious",
    ),
    _kind(
        "one sample",
        "The question compares with a fixed number; name one column, and one number to compare its mean or a "
        "share with",
        r"\b(equal to|equals|different from|differs? from|greater than|more than|less than|"
        r"fewer than|above|below|"
        r"over|under|exceeds?|at least|at most|larger than|higher than|lower than|close to|near|[=<>]+)"
        r"\s*[$€£]?\s*\d",
        r"\bfair coin\b|\b(is|are|was|were) half\b|\b\d+ ?(%|percent)",
    ),
    _kind(
        "totals",
        "The question asks for totals, and the methods here compare averages",
        r"\b(in )?total\b|\bsum (of|up)\b|\bcumulative\b",
    ),
)


INTERACTION = next(kind for kind in UNAVAILABLE if kind.name == "interaction").pattern


def unavailable(linked: Linked) -> Unavailable | None:
    """Return the kind of answer asked for that there is no method for, or None."""
    text = linked.without_names()
    whole = linked.text.lower()  # with the names, which may be "year", "before" or "after"
    if OVER_TIME.search(whole):
        return next(kind for kind in UNAVAILABLE if kind.name == "trend")
    if BEFORE_AFTER.search(whole) and not RELATED.search(text):
        return next(kind for kind in UNAVAILABLE if kind.name == "paired")
    return next((kind for kind in UNAVAILABLE if kind.pattern.search(text)), None)


def is_paired(linked: Linked) -> bool:
    """Return whether the question compares measurements of the same rows or subjects."""
    paired = next(kind for kind in UNAVAILABLE if kind.name == "paired")
    text = linked.text.lower()  # with the names: "of the same subject" may name the column `subject`
    return bool(paired.pattern.search(text) or BEFORE_AFTER.search(text))
