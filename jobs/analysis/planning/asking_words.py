"""The words by which a question says what it asks for. Texts are in lower case, names blanked out."""

import re

from jobs.analysis.tables.units import listed

BEFORE_AFTER = re.compile(
    r"\b(before|pre)\b.*\b(and|to|vs|versus|or|than|with)\b.*\b(after|post)\b|"
    r"\b(after|post)\b.*\b(and|vs|versus|or|than|with)\b.*\b(before|pre)\b"
)
OVER_TIME = re.compile(
    r"\b(over|through|throughout) (the |these |all )?(last |past )?(\w+ )?(years|months|weeks|"
    r"days|decades|time)\b"
)
TIMELY = re.compile(r"\btrend|\bover time\b|\bover the (?:years|months|weeks|days)\b")
# "Gentoo and the others": what is not named takes part too.
REMAINING = re.compile(r"\b(?:others?|rest|remaining|everyone else|all else|elsewhere)\b")
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
    r"\bcompar|\bdifference between\b|\bdiffer\b|\bdifferent\b|\bthe same\b|\bequal|\b(higher|lower|"
    r"greater|larger|smaller|bigger|"
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
    r"decreases?|matters?|leads? to|makes?|reduces?|raises?|lowers?|improves?|lifts?|boosts?|worsens?)\b|"
    r"\b(effect|impact|influence)\b"
)
EXPLAINS_SECOND = re.compile(
    r"\b(by|across|per|depends?|depended|dependent|dependence|from|between|among|amongst|within|in each|"
    r"for each|against|"
    r"split|according)\b"
)
SPLITTERS = frozenset(
    listed(
        "by across between of on and vs v versus against than to from for in among amongst per or "
        "into at within "
        "about is are was were do does did can could depend depends affect affects influence "
        "influences differ "
        "differs different vary varies predict predicts change changes correlate correlates "
        "correlated related "
        "associated impact matter matters compare linked relate exceed exceeds reduce reduces drive "
        "drives cause causes explain explains determine determines lead leads improve improves raise raises "
        "boost boosts increase increases decrease decreases"
    )
)
# Before these words a noun names what is compared, not what the rows are.
GROUPERS = frozenset(listed("by across between against affect affects influence influences on predict"))
PLACES_AND_TIMES = frozenset(
    listed("country countries state states city cities town towns place places day days visit visits")
)
# German writes all nouns with a capital.
GERMAN = re.compile(r"\b(?:der|das|ist|sind|haben|mit|und|nach|eine|einen|sich|für)\b")
MATTERS = re.compile(
    r"\b(?:matters?|affects?|influences?|impacts?|have an? (?:effect|impact|influence))\b\W*(?:in|at|for|$)"
)
CONTEXT = frozenset({"in", "for", "of", "at", "within", "on", "to"})
