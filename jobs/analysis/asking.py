"""What a question asks for, told by its words: also the answers that there is no method for yet."""

import re
from dataclasses import dataclass

from jobs.analysis.linking import Linked
from jobs.analysis.units import listed
from jobs.analysis.vocabulary import DERIVED, is_content


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
        r"\bsame (subject|patient|person|people|participant|animal|id|individual|student)s?\b|matched pairs?",
        r"\b(before|after) (and|to|vs\.?|versus|or|than) (after|before)\b|\btwice\b|\bboth times\b",
    ),
    _kind(
        "interaction",
        "The question asks whether one effect depends on another column; name one number and two groupings "
        "for it",
        r"\binteract|\bmoderat(es?|ed|ing|ion|or)\b",
        r"\b(effect|impact|influence)\b.*\b(depends?|differs?|differ|var(y|ies)|changes?|same)\b.*"
        r"\b(on|by|between|across|for|in|with)\b",
        r"\b(relationship|relation|association|correlation|link|difference|gap)\b.*"
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
        r"\bheat ?map\b|\bwith everything\b|\beverything else\b|\bamong (the )?(variables|columns)\b",
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
        "There is no test of normality; the profile shows the shape of the distribution, its skewness and "
        "its tails instead",
        r"\bnormal(ly)?[ -]distribut|\bnormality\b|\bnormal distribution|\bgaussian|\bbell|"
        r"\bshapiro|\bis _+ normal",
    ),
    _kind(
        "outliers",
        "There is no scan for outliers; the profile shows the extremes, the quartiles and the "
        "histogram instead",
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
BEFORE_AFTER = re.compile(
    r"\b(before|pre)\b.*\b(and|to|vs|versus|or|than|with)\b.*\b(after|post)\b|"
    r"\b(after|post)\b.*\b(and|vs|versus|or|than|with)\b.*\b(before|pre)\b"
)
OVER_TIME = re.compile(
    r"\b(over|through|throughout) (the |these |all )?(last |past )?(\w+ )?(years|months|weeks|"
    r"days|decades|time)\b"
)
REGRESSION = re.compile(
    r"\bregress|\bpredict|\bmodel(s|l?ing|l?ed)?\b|\bexplain|\bdriv(e|es|ers|er|en)\b|"
    r"\bdetermin(e|es|ants?|ed)\b|"
    r"\b(which|what) (\w+ ){0,2}(affect|influence|drive|explain|determine|predict|cause|matter)|"
    r"\b(factors?|features?|variables)\b|\bmost (strongly |closely )?(associated|correlated|"
    r"related|important)"
)
COMPARISON = re.compile(
    r"\bdiffer|\bcompar|\bbetween\b|\bacross\b|\bby\b|\bper\b|\bvar(y|ies)\b|\bthan\b|"
    r"\bhigher\b|\blower\b|\bgap\b|"
    r"\bsame\b|\bequal|\bhighest\b|\blowest\b|\bbest\b|\bworst\b|\bbetter\b|\bworse\b|\beach\b|\bmatter"
)
DIRECT_COMPARISON = re.compile(
    r"\bcompar|\bdifference between\b|\bdiffer\b|\b(higher|lower|greater|larger|smaller|bigger|"
    r"more|less|longer) "
    r"than\b|\bexceed"
)
CAUSE = re.compile(r"\b(affect|influenc|impact|effect|depend|caus|matter|determin|driv|lead)")
CORRELATION = re.compile(r"\bcorrelat|\bpearson\b|\bspearman\b|\blinear\b")
RELATED = re.compile(r"\bcorrelat|\brelated\b|\brelation|\bassociat|\blink|\bgo(es)? together\b")
RANKS = re.compile(r"\bspearman\b|\brank(ed)? correlation|\bmonoton")
RELATION = re.compile(
    r"\bcorrelat|\brelat|\bassociat|\blink|\bconnect|\bdepend|\baffect|\binfluenc|\bimpact|\beffect|\bgoes? "
    r"(up|down|together|with|hand)|\btied\b|\bincreas|\bdecreas|\brise|\banything to do\b|\bmatter|\bmean\b"
)
DESCRIPTION = re.compile(
    r"\bdescri|\bsummar|\bdistribut|\bhistogram|\blooks? like\b|\bprofile\b|\brange\b|\bspread\b|\btypical|"
    r"\b(average|mean|median|mode|minimum|maximum)\b|\bshape\b|\bhow (many|often|common)\b|\bquartile|\bskew|"
    r"\bshow\b|\bstatistics\b|\bstats\b|\bmissing\b|\bplot\b|\btell me about\b|\bfrequenc|\bcounts?\b|"
    r"\bmost (common|frequent|usual)\b"
)
# "Which wool is stronger", "who earns most", "the pay gap": compared with something that is not named.
NO_PARTNER = re.compile(
    r"\b(which|who|whose|what)\b.*\b(stronger|weaker|larger|smaller|bigger|higher|lower|greater|better|worse|"
    r"longer|shorter|faster|slower|strongest|weakest|largest|smallest|biggest|highest|lowest|greatest|best|"
    r"worst|longest|shortest|fastest|slowest|more|most|less|least)\b"
    r"(?! (common|frequent|often|likely|usual))|"
    r"\bgaps?\b"
)
MISSING = re.compile(
    r"\bmissing\b|\bnas?\b|\bnulls?\b|\bblanks?\b|\bincomplete\b|\bempty\b|\bcomplete(ness)?\b"
)
OVERVIEW = re.compile(
    r"\bdescri|\bsummar|\boverview\b|\bprofile\b|\bexplor|\bdata quality\b|\bwhat('s| is) in\b|"
    r"\bstatistics\b|"
    r"\bhow many (rows|columns|records|observations|cases|variables)\b|\bstats\b|\babout (the|this) "
    r"(data|table|file)|\bmissing\b|\bcolumns (are|do)\b|\beda\b"
)
EXPLAINS_FIRST = re.compile(
    r"\b(affects?|influences?|impacts?|predicts?|drives?|determines?|explains?|causes?|changes?|increases?|"
    r"decreases?|matters?|leads? to|makes?)\b|\b(effect|impact|influence)\b"
)
EXPLAINS_SECOND = re.compile(
    r"\b(by|across|per|depends?|depended|dependent|from|between|among|amongst|within|in each|"
    r"for each|against|"
    r"split|according)\b"
)
SPLITTERS = frozenset(
    listed(
        "by across between of on and vs versus against than to from for in among amongst per or "
        "into at within "
        "about is are was were do does did can could depend depends affect affects influence "
        "influences differ "
        "differs different vary varies predict predicts change changes correlate correlates "
        "correlated related "
        "associated impact matter matters compare linked relate exceed exceeds reduce reduces drive "
        "drives cause causes explain explains determine determines lead leads"
    )
)
CONTEXT = frozenset({"in", "for", "of", "at", "within", "on", "to"})


@dataclass(frozen=True)
class Unresolved:
    """Words of the question that name something which is not a column."""

    words: str
    before: str  # the word that leads to them; "" at the beginning
    plural: bool
    leads: bool  # they stand before every mention: the subject of the question


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


def unresolved(linked: Linked) -> tuple[Unresolved, ...]:
    """Return the phrases of the question that name a thing, yet none of the columns."""
    found: list[Unresolved] = []
    phrase: list[int] = []
    before, lead = "", ""
    for index, token in enumerate(linked.tokens):
        covered = linked.covered(index)
        comma = index > 0 and any(
            mark in linked.text[linked.tokens[index - 1].end : token.start] for mark in ",;:?()"
        )
        if not covered and (token.word in SPLITTERS or comma):
            found += _phrase(linked, phrase, lead)
            phrase, before = [], token.word if token.word in SPLITTERS else before
            lead = before
            if token.word in SPLITTERS:
                continue
        phrase.append(index)
    return (*found, *_phrase(linked, phrase, lead))


def compounds(linked: Linked) -> tuple[tuple[str, bool], ...]:
    """Return nouns that follow a column's name at once and may turn it into another thing.

    With each stands whether it surely does: "weight loss" is not `weight`, and "flipper width" is not
    `flipper_length`, of whose name only a part was found.
    """
    found = []
    for mention in linked.mentions:
        index = mention.last
        if mention.best.value is not None or index >= len(linked.tokens):
            continue
        token = linked.tokens[index]
        gap = linked.text[linked.tokens[index - 1].end : token.start]
        if gap != " " or linked.covered(index) or token.word in SPLITTERS - DERIVED:
            continue
        is_adjective = "synonym" in mention.best.how  # "older people": the noun after it is not the quantity
        if _is_derived(linked, index) or (is_content(token.word) and not is_adjective):
            words = linked.text[linked.tokens[mention.first].start : token.end]
            found.append((words, mention.best.how.startswith("part") or token.word in DERIVED))
    return tuple(found)


def _is_derived(linked: Linked, index: int) -> bool:
    """Return whether a noun makes another quantity: "weight change", yet not "does weight change"."""
    verbs = {"do", "does", "did", "will", "can", "could", "would", "may", "might"}
    asked = any(token.word in verbs for token in linked.tokens[:index])
    return linked.tokens[index].word in DERIVED and not asked


def has_other_content(linked: Linked) -> bool:
    """Return whether a word outside the mentions names a thing."""
    return any(
        is_content(token.word) for index, token in enumerate(linked.tokens) if not linked.covered(index)
    )


def _phrase(linked: Linked, phrase: list[int], before: str) -> list[Unresolved]:
    if any(linked.covered(index) for index in phrase):
        return []
    content = [linked.tokens[index] for index in phrase if is_content(linked.tokens[index].word)]
    if not content:
        return []
    words = linked.text[content[0].start : content[-1].end]
    last = content[-1].word
    plural = (last.endswith("s") and not last.endswith("ss")) or last in (
        "people",
        "women",
        "men",
        "children",
    )
    first = min((mention.first for mention in linked.mentions), default=0)
    return [Unresolved(words, before, plural, phrase[-1] < first)]
