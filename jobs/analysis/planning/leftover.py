"""Find words of a question that neither its plan nor its columns account for.

A word that was not understood may be what the question is about: "quick" of "a quick reply", "litter" of
"pups per litter". Only words that change no answer are passed over.
"""

import re
from collections.abc import Iterator

from jobs.analysis.planning import unread
from jobs.analysis.planning.agreement_readings import AGREEING
from jobs.analysis.planning.agreement_readings import OWN_WORDS as AGREEMENT_WORDS
from jobs.analysis.planning.linking import Linked
from jobs.analysis.planning.vocabulary import ROW_NOUNS, is_content, is_plural, stem, synonymous
from jobs.analysis.results.result import Plan
from jobs.analysis.tables.units import MEASURES, TIMES, UNIT_WORDS, UNITS, listed, words_of

# What is asked for, how, and with which method: the plan answers it, or another check speaks of it.
OF_METHODS = frozenset(
    listed(
        "partialling partialing partialled partial beyond removing regress regressed regressing model models "
        "modelling modeling matrix corr corrs rank ranks "
        "rankings glm "
        "regressor regressors feature features factor factors predictor predictors determinant determinants "
        "driver drivers gaussian normally normality normal bell shapiro wilk follow follows block "
        "blocks vif vifs "
        "coefs coefficient coefficients outlier outliers weird crazy odd strange anywhere recruit "
        "recruits trend trends time times "
        "baseline separately stratify stratified stratifying persist persists hunch positively negatively "
        "count counts counted welch student mann whitney kruskal wallis fisher tukey holm logit ols spearman "
        "pearson kendall cross tabulation crosstab hypothesis p bar histogram boxplot scatter scatterplot"
    )
)
# Words of every day beside what is measured; none of them turns one quantity into another.
HARMLESS = frozenset(
    listed(
        "status habit habits content amount amounts need needs needed needing require requires required "
        "found "
        "lives live rather through mostly mainly largely largest ahead behind common commonly remaining "
        "further "
        "further speed length years year months weeks days hours risk rt grow grows grown growing longer "
        "longest fastest faster slower fewer fewest start starts started begin begins ups end ends "
        "extent degree "
        "difference throw throwing stop stops stopping roll rolls output also simply overall general "
        "everyone everybody someone anybody million thousand doctor reaction well different "
        "appear appears seem seems look looking looks evidence indeed possibly perhaps clearly clear "
        "much bit lot "
        "lots slightly considerably substantially markedly truly noticeably notably visibly "
        "systematically fact "
        "wonder curious interested interesting learn hear believe suspect think guess expect expected hope "
        "assume assumption claim claims say said heard feeling notice noticed observe observed measured "
        "recorded reported receive receives received give given take taken taking spend spends spending "
        "having "
        "experience experiences possess among report reports reporting happen happens happened occur occurs "
        "score scores scored scoring reach reaches reached achieve achieves achieved cost costs "
        "world real reality today now currently usually normally often always never ever somehow especially "
        "particularly way ways matter case cases part role play plays played help helps hurt hurts harm "
        "harms "
        "pay pays paid earn earns use uses used using produce produces produced show shows get gets "
        "der die das den dem ein eine einen und oder mit von bei ist sind haben hat je nach sich brauchen "
        "verbrauchen unterscheiden unterscheidet weniger mehr zwischen im in zum zur wie strom"
    )
)
NAMES_OF_ROWS = frozenset(
    listed(
        "mill mills turbine turbines machine machines women men woman man adult adults site sites team teams "
        "wool loom looms chick shop shops store stores branch branches school schools ward wards hospital "
        "hospitals class classes region regions species variety varieties field fields farm farms professor "
        "professors teacher teachers subscriber subscribers buyer buyers shopper shoppers infant infants "
        "newborn newborns child children teenager teenagers adults family families call calls session "
        "sessions "
        "transaction transactions purchase purchases ship ship's crew stay stays admission admissions "
        "operation "
        "tooth rodent rodents rat rats mouse mice pig pigs dog dogs cat cats company companies firm firms"
    )
)
KINDS = frozenset(
    listed("big large small high low good bad strong weak great best worst better simple basic")
)
QUICK = frozenset(
    listed("quick quicker quickest slow slower prompt swift rapid late later early earlier brief")
)
# The readings of these look for unread words themselves, and know more words of their own.
TOLD_APART = frozenset(
    listed("outliers missing_values normality correlation_matrix rank_correlation_matrix trend_over_time")
)
MOVING = frozenset(
    listed(
        "drop drops dropped shrink shrinks shrunk widen widens widened narrow narrows narrowed climb soar "
        "sink"
    )
)
ASKS = re.compile(r"^\W*(?:how )?(?:much )?(?:do|does|did|will|can)\b")
LATER = re.compile(r"\b(?:do|does|did) (?:the |our |my )?\w+ \w+ (?:more|less|fewer)\b")
BEFORE_OBJECTS = frozenset(
    listed("the a an more less fewer different higher lower their his her its our most least")
)
MOST_LISTED = 3


def words_left(linked: Linked, found: Plan) -> tuple[str, ...]:
    """Return the words that name or qualify something and that the plan does not answer."""
    if found.method in TOLD_APART:
        return ()
    left = dict.fromkeys(_left(linked))
    if found.method in AGREEING:
        left = {word: None for word in left if AGREEMENT_WORDS.fullmatch(word) is None}
    return tuple(left)[:MOST_LISTED]


def _left(linked: Linked) -> Iterator[str]:
    columns = [m.best.column for m in linked.mentions]
    parts = {stem(part) for column in columns for part in words_of(column.name)}
    known = {stem(word) for word in OF_METHODS | HARMLESS | NAMES_OF_ROWS}
    asked_from = _asked_from(linked)
    for index, token in enumerate(linked.tokens):
        word = token.word
        if linked.covered(index) or token.start < asked_from or len(word) < 3:
            continue
        if not is_content(word) or word in ROW_NOUNS or word in MEASURES:
            continue
        if (
            stem(word) in known
            or any(stem(word) in part for part in parts)
            or word in UNITS
            or word in UNIT_WORDS
        ):
            continue
        if unread.is_unit(word, linked) or any(synonymous(word, part) for part in parts):
            continue
        if word in MOVING and index and linked.covered(index - 1) and ASKS.match(linked.text.lower()):
            continue  # "does weight drop with age", yet not "a drop in weight"
        if word in ("size", "sizes") and any(m.last == index for m in linked.mentions):
            continue  # "lot sizes" of `LotSqft`
        if (
            re.match(r"[^,;:?]{0,20}\(", linked.text[token.end :])
            or _of_adjective(index, linked)
            or _is_verb(index, linked)
            or _is_before_short(index, linked)
        ):
            continue  # "doctor visits (ftv)"
        yield word
    yield from _codes(linked)
    yield from _qualifiers(linked)
    yield from _kinds_of_rows(linked)


def _kinds_of_rows(linked: Linked) -> Iterator[str]:
    """Yield adjectives that say of what kind the rows are: "big houses", which are not all houses."""
    for index, token in enumerate(linked.tokens[1:], start=1):
        before = linked.tokens[index - 1].word
        covered = linked.covered(index) or linked.covered(index - 1)
        if before in KINDS and token.word in ROW_NOUNS and is_plural(token.word) and not covered:
            yield f"{before} {token.word}"


def _qualifiers(linked: Linked) -> Iterator[str]:
    """Yield words of time before what has no time in it: "a quick reply" is no number of replies."""
    for mention in linked.mentions:
        before = linked.tokens[mention.first - 1].word if mention.first else ""
        column = mention.best.column
        own = {column.unit, *map(UNITS.get, words_of(column.name))}
        timed = own & TIMES or any(synonymous("duration", part) for part in words_of(column.name))
        if before in QUICK and not timed and not any(synonymous(before, p) for p in words_of(column.name)):
            yield f"{before} {mention.words}"


def _asked_from(linked: Linked) -> int:
    """Return where the sentence that asks begins, when it follows others and names two columns itself."""
    start = max(linked.text.rfind(". "), linked.text.rfind("! ")) + 1
    inside = {m.best.column.name for m in linked.mentions if linked.tokens[m.first].start >= start}
    return start if linked.text.rstrip().endswith("?") and len(inside) > 1 else 0


def _is_verb(index: int, linked: Linked) -> bool:
    """Return whether a word is the verb between who does something and what: "does Anna leave more "
    "unsold"."""
    word = linked.tokens[index].word
    if not ASKS.match(linked.text.lower()) and not LATER.search(linked.text.lower()):
        return False
    if is_plural(word) or word.endswith(("ing", "ed", "ly", "er", "est")) or not index:
        return False
    before = linked.tokens[index - 1].word
    subject = linked.covered(index - 1) or before in ROW_NOUNS or before in ("we", "they", "people")
    place = index + 1
    while (
        place < len(linked.tokens)
        and linked.tokens[place].word in BEFORE_OBJECTS
        and not linked.covered(place)
    ):
        place += 1
    after = next((m for m in linked.mentions if m.first == place), None)
    earlier = next((m for m in linked.mentions if m.last == index), None)
    if after is None or after.best.value is not None:
        return False
    return subject and (earlier is None or earlier.best.column.name != after.best.column.name)


def _is_before_short(index: int, linked: Linked) -> bool:
    """Return whether a word says what the abbreviation after it means: "weight lwt"."""
    after = next((m for m in linked.mentions if m.first == index + 1), None)
    if after is None or after.best.how != "exact name":
        return False
    name, word = after.best.column.name.lower(), linked.tokens[index].word
    return len(name) <= 4 and any(synonymous(word, name[start:]) for start in range(len(name) - 1))


def _of_adjective(index: int, linked: Linked) -> bool:
    """Return whether a noun follows a column that is an adjective: "induced abortions"."""
    return any(m.last == index and m.words.lower().endswith("ed") for m in linked.mentions)


def _codes(linked: Linked) -> Iterator[str]:
    """Yield words of letters and digits that name nothing: "V8s"."""
    for found in re.finditer(r"\b(?:[^\W\d_]+\d+|\d+(?!st|nd|rd|th|k\b|s\b)[^\W\d_]{3,})\w*", linked.text):
        inside = [i for i, t in enumerate(linked.tokens) if found.start() <= t.start < found.end()]
        if inside and not any(linked.covered(i) for i in inside) and found.group().lower() not in UNIT_WORDS:
            yield found.group()
