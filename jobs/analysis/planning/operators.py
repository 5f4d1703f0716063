"""The words of a question that change what it asks: "in every", "more ... for", "holding", "share of".

A plan has to carry out each of them; `jobs.analysis.planning.accounting` checks it, and where one is not, it
is asked back. Texts are in lower case, names blanked out by "_".
"""

import re

_EFFECT_VERB = (
    r"(?:matter|work|help|affect|drive|influence|impact|raise|lower|reduce|increase|decrease|boost|improve|"
    r"harm|hurt|benefit|cause|pay off|act|respond|shape|lift|worsen|beat|determine|change)"
)
EFFECT_VERB = re.compile(rf"\b{_EFFECT_VERB}(?:s|es|d|ed|ing)?\b")
_EFFECT_NOUN = (
    r"(?:gap|difference|differences|effect|impact|influence|association|correlation|relation|relationship|"
    r"link|slope|advantage|disadvantage|benefit|disparity|uplift|lift|penalty|dependence|contrast|edge|"
    r"lead)s?"
)
_DEGREE = (
    r"(?:more|most|less|least|better|worse|stronger|strongest|strongly|weaker|weakly|larger|largest|bigger|"
    r"biggest|smaller|smallest|greater|wider|narrower|steeper|steeply|faster|quicker|slower|only|mainly|"
    r"mostly|chiefly|especially|particularly|equally|harder|further|sharper|sharply|stronger|higher|lower|"
    r"clearer|closer|tighter|looser|pronounced|marked|alike|different|differently|similar)"
)
_VARIES = (
    r"(?:shrinks?|shrank|grows?|grew|widens?|widened|narrows?|narrowed|var(?:y|ies)|depends?|differs?|"
    r"differ|disappears?|vanish(?:es)?|persists?|holds?|changes?|the same|consistent|reverse[sd]?|flips?|"
    r"exists?|hold up|fades?|turns? around)"
)
_WHERE = r"(?:in|for|with|at|on|among|amongst|under|when|if|than|during|across|by|between|over|within|as)"
_MOVE = (
    r"(?:fall|falls|fell|drops?|dropped|rise|rises|rose|grows?|grew|increases?|increased|decreases?|"
    r"decreased|declines?|declined|improves?|improved|climbs?|climbed|gains?|gained|loses?|lost|shrinks?|"
    r"recovers?|recovered|worsens?|go(?:es)? (?:up|down)|went (?:up|down)|com(?:e|es) down|came down)"
)
MOVES = re.compile(rf"\b{_MOVE}\b")
OTHERS = re.compile(r"\bthan\b[^,;?]{0,25}\b(?:others?|rest|remaining|elsewhere|anywhere|anyone)\b")
# An effect that is set in proportion to another column: "help more on", "the gap is bigger at".
MODERATED = re.compile(
    rf"\b{_EFFECT_VERB}(?:s|es|d|ed|ing)?\b[^,;?]*? {_DEGREE}\b[^,;?]*?\b{_WHERE}\b|"
    rf"\b{_EFFECT_NOUN}\b[^;?]*? (?:{_DEGREE}|{_VARIES})(?: so| also| still| much)? {_WHERE}\b|"
    rf"\b(?:bigger|larger|smaller|stronger|weaker|greater|wider|narrower|less of an?|more of an?) (?:\w+ |_+ "
    rf")?"
    rf"{_EFFECT_NOUN}\b[^;?]*?\b{_WHERE}\b|"
    rf"\b{_MOVE}\b[^,;?]*? (?:faster|quicker|slower|more|less|steep\w+|further|strongly|sharply|most|least)\b"
    rf"[^,;?]*?\b{_WHERE}\b|"
    rf"\b(?:only|mainly|mostly|chiefly|especially|particularly) {_WHERE} (?:the )?_"
)
# An effect of one on another, which no model without an interaction sets against itself.
EFFECT_DIFFERS = re.compile(rf"\b{_EFFECT_NOUN}\b[^;?]*? (?:{_DEGREE}|{_VARIES}) {_WHERE}\b")
# A statement for each value of a column: "in every block", "at each dose", "in both sexes".
EACH = re.compile(
    r"\b(?:in|at|for|within|across|on|with|under|among|amongst|over) (?:each|every|all|both|any|either)"
    r"(?: single)?(?: one)?(?: of)?(?: the| these| our| three| four| five| six)*\W+(?=_)"
)
COMPARES = re.compile(
    r"\b(?:more|less|better|worse|rarer|fewer|differ\w*|beat|beats|matter\w*|help\w*|work(?:s|ed)?|affect\w*|"
    r"effect\w*|influenc\w*|impact\w*|improve\w*|(?:high|low|larg|bigg|small|great|strong|weak|fast|slow|"
    r"long|short|heavi|light|tall|old|young|rich|poor|hott|warm|cold|cool|dear|cheap|wid|deep|thick|thinn|"
    r"thirsti|safe|busi|happi)er|earn|earns|paid|gap)\b"
)
RELATES = re.compile(
    rf"\b(?:depend|relat|correlat|associat|link|tied|connect|predict|explain)\w*\b|{MOVES.pattern}"
)
# Something is to be held equal.
HELD = re.compile(
    r"\bcontroll?(?:ing|ed)? for\b|\badjust(?:ing|ed|s)? for\b|\b(?:account|correct|allow)(?:ing|ed|s)? "
    r"for\b|"
    r"\b(?:held|holding|hold|kept|keeping|keep|fixing|fix)\b[^,;?]{0,40}\b(?:constant|fixed|equal|the same|"
    r"steady)\b|\bholding (?:the )?_|"
    r"\bpartial(?:l?ing|l?ed)? out\b|\bpartial correlation|\bpartial effect|"
    r"\bremov\w+ (?:the )?(?:effect|influence|impact|contribution|role|part)s? of\b|"
    r"\b(?:effect|influence|impact)s? of (?:the )?_+ (?:is |are |has been |have been |being )?removed\b|"
    r"\bonce (?:the )?_+ (?:is|are|has been|have been|was) (?!_)\w+|"
    r"\bnet of\b|\b(?:regardless|irrespective) of\b|\bindependently of\b|\bover and above\b|\bbeyond (?:the "
    r")?_|"
    r"\bon top of\b|\bconditional on\b|\bceteris\b|\b(?:all|everything|other things|all things)(?: else)? "
    r"(?:being )?equal\b|\bconfound|\bcovariates?\b|\binto (?:account|consideration)\b|"
    r"\b(?:taken|taking|factor(?:ed|ing)) out\b|\bafter (?:adjust|control|account|allow|remov|correct|"
    r"consider)\w*|\bgiven (?:the same |equal |their |the )?_|\b(?:at|of|with|for) (?:the same|equal|a given|"
    r"fixed) _|"
    r"\b(?:at|of|with|for) the same (?:\w+ )?_"
)
SHARE = re.compile(
    r"\b(?:shares?|proportions?|fractions?|percentages?|percent|per cent|prozent|prozentsatz|anteile?)\b"
)
RATE = re.compile(r"(?<!they )(?<!we )(?<!people )\brates?\b(?! _)(?! (?:the |it |them |their ))")
# Which of two columns is larger: "reading or maths".
OR = re.compile(
    r"_ ?(?:marks?|scores?|ones?)?,? or "
    r"(?:(?:more|fewer|less|is|are|in|at|on|for|the|their|by|of|does|do|get) )*(?=_)"
)
PER = re.compile(r"\b(?:per|je|pro) (?=_)")
# "Unit price": the price of one, which is a quotient.
UNIT = re.compile(r"\bunit (?=_)")
# What changed by itself, within whoever was measured: "did their scores improve?"
CHANGED = re.compile(
    rf"^\W*(?:(?:and|so|but) )?(?:how (?:much|far) )?(?:did|has|have|had)\b[^,;?]*\b(?:{_MOVE}|improven?|"
    rf"fallen|risen|"
    r"grown|gone (?:up|down)|change[sd]?)\b(?: \w+ly)?(?:\W*$| (?:over|during|from|since|through|between)\b)"
)
LIST_ITEM = re.compile(r"_(?:,| and| plus| &) (?:and )?(?P<words>[a-z][a-z' -]*?)(?=,| and | plus | & |\W*$)")
