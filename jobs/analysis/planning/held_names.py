"""Checks that the words taken for columns name them, and do not merely resemble a part of their names."""

import re
from collections.abc import Iterator

from jobs.analysis.catalogue import MOST_GROUPS
from jobs.analysis.planning import operators
from jobs.analysis.planning.held_question import COMPARING, CORRELATING, COUNTING, Question
from jobs.analysis.planning.likeness import word_match
from jobs.analysis.planning.linking import Mention
from jobs.analysis.planning.one_level import is_about_one
from jobs.analysis.planning.readings import alike, is_measured
from jobs.analysis.planning.row_clauses import is_truth
from jobs.analysis.planning.row_words import GREATER, RELATED, SMALLER
from jobs.analysis.planning.vocabulary import ROW_NOUNS, is_content, is_plural, stem, synonymous
from jobs.analysis.tables.units import TIMES, UNIT_WORDS, UNITS, core_words, listed, words_of

LEAST_HEAD = 3  # letters of a word that is more than a unit
TIMED = re.compile(r"\b(?:fast|slow|quick|long|soon|early|late|time)")
OUTSIDE = re.compile(r"\b(?:ex|non|former|not)\W+$")
PARTING = frozenset(listed("per of in at to since on by from for"))
ARTICLES = frozenset(listed("the a an our my your his her its their this these those"))
BEFORE_VERBS = frozenset(listed("who that to they we you people"))
AFTER_VERBS = frozenset(listed("more less most least better worse harder together again")) | {"hard", "well"}
ACTORS = re.compile(r"\w{3,}(?:er|or|ner|ter)s$")
SUPERLATIVE = re.compile(r"\b(?:\w{3,}est|most|least|best|worst|fewest)\b")
COUNTED = re.compile(r"\b(?:how many|numbers? of)(?: the)? $")
LIMITING = (GREATER | SMALLER) - {"more", "less", "fewer"}
# Adjectives of what is measured: without a limit they choose no rows.
LEVEL_FIRST = re.compile(r"^\W*(?:the |for |among )?_+(?: \w+)?\s*:")
KINDS = frozenset(
    listed(
        "tall short long old young aged elderly heavy light big small large high low deep shallow wide "
        "narrow rich "
        "poor expensive cheap pricey costly fast slow quick hot warm cold cool satisfied unsatisfied "
        "dissatisfied "
        "happy unhappy strong weak thick thin bright dark busy experienced educated loud quiet sick "
        "healthy fit"
    )
)


def resembles(asked: Question) -> str | None:
    """Take a column for what only resembles a part of its name: "planners" for `plan`, "study" as a verb."""
    for mention in asked.linked.mentions:
        column = mention.best.column
        if (
            mention.best.value is not None
            or column.name not in asked.used
            or mention.last - mention.first > 1
        ):
            continue
        if len(words_of(column.name)) > 1 and mention.best.how.startswith("part"):
            doubtful = (
                _is_aside(mention)
                or _is_actor(mention, asked)
                or (_is_verb(mention, asked) and not _is_head(mention))
            )
        else:
            doubtful = _is_actor(mention, asked)
        if doubtful and not _named_otherwise(mention, asked):
            return (
                f"It is not sure that '{mention.words}' means '{column.name}', whose name it only "
                "resembles; name the "
                "column that is meant as it is written."
            )
    return None


def _named_otherwise(mention: Mention, asked: Question) -> bool:
    """Return whether other words name the column as well: "feel more valued" for `feels_valued`."""
    own = [m for m in asked.linked.mentions if m.best.column.name == mention.best.column.name]
    others = [m for m in own if stem(m.words.lower()) != stem(mention.words.lower())]
    return any(m.best.strength >= mention.best.strength for m in others)


def _head(mention: Mention) -> str:
    """Return the word that says what a column holds: "visits" of `visits_per_month`."""
    words = core_words(mention.best.column.name) or words_of(mention.best.column.name)
    cut = next((place for place, word in enumerate(words) if place and word in PARTING), len(words))
    long = [word for word in words[:cut] if len(word) >= LEAST_HEAD and word not in UNIT_WORDS]
    return long[-1] if long else words[cut - 1]


def _is_head(mention: Mention) -> bool:
    word, head = mention.words.lower(), _head(mention)
    if head.endswith(("er", "or")) and word != head and head.startswith(word):
        return False  # "train" is what a trainer does
    return stem(word) == stem(head) or synonymous(word, head)


def _is_aside(mention: Mention) -> bool:
    """Return whether a word that is no word of the name stands for another part than its head."""
    how = mention.best.how
    return how.endswith("a synonym") and not word_match(mention.words.lower(), _head(mention), alone=False)[0]


def _is_verb(mention: Mention, asked: Question) -> bool:
    """Return whether a word stands where a verb does: "who study more", "do the young train more"."""
    tokens, word = asked.linked.tokens, mention.words.lower()
    before = tokens[mention.first - 1].word if mention.first else ""
    after = tokens[mention.last].word if mention.last < len(tokens) else ""
    units = {mention.best.column.unit, *map(UNITS.get, words_of(mention.best.column.name))}
    timed = units & TIMES and TIMED.search(asked.linked.text.lower())
    related = before == "to" and mention.first > 1 and RELATED.match(tokens[mention.first - 2].word)
    if timed or related or is_plural(word) or word.endswith(("ing", "ed")):
        return False
    if before in ARTICLES:
        return False
    return before in BEFORE_VERBS or after in AFTER_VERBS


def _is_actor(mention: Mention, asked: Question) -> bool:
    """Return whether a noun of those who do something stands for a column of several kinds, or of numbers."""
    word, column = mention.words.lower(), mention.best.column
    if not ACTORS.fullmatch(word) or (column.distinct == 2 and is_truth(column)):
        return False
    own = any(name.endswith(("er", "or", "ers", "ors")) for name in words_of(column.name))
    if own or any(_beside(mention, other) for other in asked.linked.mentions):
        return False
    base = re.sub(r"(?P<last>.)(?P=last)$", r"\g<last>", word.removesuffix("s")[:-2])
    if any(base == name for name in words_of(column.name)) and stem(word) != stem(column.name.lower()):
        return True  # "planners" of `plan`
    if mention.best.how.endswith("the same beginning") or column.role == "number":
        return True  # "rehearsers" of `rehearsals_missed`
    if mention.best.how != "the same word":
        return False
    before = asked.text[: asked.linked.tokens[mention.first].start]
    return OUTSIDE.search(before) is not None or re.search(r"\b(?:vs|versus|than)\b", asked.text) is not None


def _beside(mention: Mention, other: Mention) -> bool:
    """Return whether a value of the same column stands beside: "never smokers"."""
    same = other.best.column.name == mention.best.column.name and other.best.value is not None
    return same and (other.last == mention.first or other.first == mention.last)


def attributive(asked: Question) -> str | None:
    """Leave out an adjective that says which rows are meant, or in which they differ: "longer essays"."""
    used = {m.first: m for m in asked.linked.mentions if m.best.column.name in asked.used}
    for index, noun in _adjectives(asked):
        word = asked.linked.tokens[index].word
        mention = used.get(index)
        if mention is None and not asked.linked.covered(index) and _tells_apart(word, index, asked):
            return (
                f"'{word} {noun}' says of what kind the rows are, and no column was found that tells it; "
                "name the "
                "column, or a limit, as in 'x above 10'."
            )
        if mention is None or word not in KINDS or mention.best.value is not None:
            continue
        if is_measured(mention.best.column) and is_about_one(asked.linked) and _relates(asked):
            return (
                f"'{word} {noun}' chooses rows by '{mention.best.column.name}', and no limit is given; "
                "write one, as "
                f"in '{mention.best.column.name} above 10', or ask how the columns go together."
            )
    return None


def _tells_apart(word: str, index: int, asked: Question) -> bool:
    """Return whether an adjective says which rows are meant: "big parties" where nothing is compared."""
    following = next((m for m in asked.linked.mentions if m.first == index + 1), None)
    if following is None or following.best.value is not None or not is_measured(following.best.column):
        return word in LIMITING or word in KINDS
    return word in KINDS and is_about_one(asked.linked) and _relates(asked)


def _relates(asked: Question) -> bool:
    return asked.found.method in CORRELATING | COMPARING | {"linear_regression"}


def _adjectives(asked: Question) -> Iterator[tuple[int, str]]:
    """Yield the words right before a noun that several rows may be called, and the noun."""
    tokens = asked.linked.tokens
    measured = {m.first for m in asked.linked.mentions if m.best.value is None and is_measured(m.best.column)}
    plain = {index for index in measured if index and tokens[index - 1].word not in KINDS}
    for index, token in enumerate(tokens[:-1]):
        following = tokens[index + 1]
        if asked.linked.text[token.end : following.start] != " " or index + 1 in plain:
            continue
        word = following.word
        if word in ROW_NOUNS or (is_plural(word) and is_content(word)):
            yield index, word


def counts_rows(asked: Question) -> str | None:
    """Measure a column of places where the words count the rows: "how many nights" beside nights 1 to 7."""
    for mention in asked.linked.mentions:
        column = mention.best.column
        several = is_plural(mention.words.lower()) and not is_plural(words_of(column.name)[-1])
        placed = column.dtype == "integer" and column.low == 1 and column.high == column.distinct
        before = asked.text[: asked.linked.tokens[mention.first].start]
        if several and placed and column.name in asked.used and COUNTED.search(before):
            return (
                f"The question counts {mention.words}, and '{column.name}' numbers them from 1; rows are "
                "counted "
                "within the values of a category, which is not what was found."
            )
    return None


def none_of(asked: Question) -> str | None:
    """Take the values as they are where the words ask for those of none: "shifts with no falls"."""
    for mention in asked.linked.mentions:
        column = mention.best.column
        counted = column.dtype == "integer" and column.role in ("number", "ordinal") and column.distinct > 2
        if not counted or mention.best.value is not None or column.name not in asked.found.columns.values():
            continue
        said = re.search(
            r"\b(?:no|zero|without|any)(?: any)? $", asked.text[: asked.linked.tokens[mention.first].start]
        )
        if said is not None and asked.found.method not in CORRELATING:
            return (
                f"By '{said.group()}{mention.words}' the question tells rows apart by whether "
                f"'{column.name}' is 0, "
                "which the plan that was found does not; make a column that tells it."
            )
    return None


def most_of_many(asked: Question) -> str | None:
    """Join the smaller groups where the words ask which of them is first: "cheapest manufacturer"."""
    group = asked.column(asked.found.columns.get("group"))
    if group is None or group.distinct <= MOST_GROUPS or asked.found.method not in COMPARING:
        return None
    if not SUPERLATIVE.search(asked.linked.text.lower()):
        return None
    return (
        f"'{group.name}' has {group.distinct} values, of which at most {MOST_GROUPS} can be compared; "
        "which is first "
        "of all cannot be told. Choose some of them."
    )


def rows_or_sides(asked: Question) -> str | None:
    """Relate two numbers in the rows of one value where the words may compare with the other: "more at "
    "night"."""
    text = asked.linked.text.lower()
    chosen = [one for one in asked.conditions if one.comparison == "is" and len(one.values) == 1]
    column = asked.column(chosen[0].column) if len(chosen) == 1 else None
    if column is None or column.distinct != 2 or asked.found.method not in CORRELATING:
        return None
    more = re.search(r"\b(?:do|does|did|are|is|was|were)\b.*\b(?:more|less|fewer)\b(?!.*\bthan\b)", text)
    if more is None or operators.RELATES.search(asked.text) or re.search(r"\b(?:among|only)\b", text):
        return None
    names = " and ".join(f"'{name}'" for name in asked.found.columns.values())
    return (
        f"It is not sure whether the rows with {column.name} = {chosen[0].values[0]} are compared with the "
        "others, "
        f"or {names} related in them alone."
    )


def of_two_alike(asked: Question) -> str | None:
    """Compare groups where the words may compare two columns in one group: "women: is the left ear worse"."""
    outcome = asked.column(asked.found.columns.get("outcome"))
    if outcome is None or asked.found.method not in COMPARING or not LEVEL_FIRST.match(asked.text):
        return None
    first = min(asked.linked.mentions, key=lambda mention: mention.first)
    if first.best.column.name == outcome.name:
        return None
    other = next((one for one in asked.columns if one.name != outcome.name and alike(outcome, one)), None)
    if other is None or not is_measured(other):
        return None
    return (
        f"It is not sure whether '{outcome.name}' is compared with '{other.name}' in these rows, or these "
        "rows with "
        "others."
    )


def by_size(asked: Question) -> str | None:
    """Count the values of whole numbers where the words ask for more of them, or for their mean."""
    if asked.found.method not in COUNTING or asked.found.explicit:
        return None
    for name in asked.found.columns.values():
        column = asked.column(name)
        if column is None or column.dtype != "integer" or column.role != "ordinal" or column.distinct < 3:
            continue
        said = re.search(r"\b(?:mean|average|median)\b", asked.text)
        if said is not None:
            return (
                f"By '{said.group()}' the question asks how high '{name}' is, and the plan that was found "
                "counts its values."
            )
    return None
