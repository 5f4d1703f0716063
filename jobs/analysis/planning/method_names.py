"""The methods that a question names, and the words around it that ask for nothing. Standard library only."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TEST = r"(?: (?:tests?|analysis|model|regression|correlations?|coefficients?))*"
# The first that is found counts. Text is in lower case.
_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    (rf"(?<!\w){pattern}(?!\w)", tuple(methods.split()))
    for pattern, methods in (
        (
            r"(?:cochran.{1,3}mantel.{1,3}haenszel|mantel.{1,3}haenszel|cmh)" + _TEST,
            "cochran_mantel_haenszel",
        ),
        (r"mc.?nemar(?:'?s)?" + _TEST, "mcnemar_test"),
        (r"cochran(?:'?s)? q" + _TEST, "cochran_q_test"),
        (
            r"(?:cohen(?:'?s)? |(?:linear|quadratic|un)?(?:ly|ally)?[ -]?weighted )*kappa" + _TEST,
            "cohen_kappa",
        ),
        (r"(?:iccs?|intra.?class correlations?)(?: coefficients?)?(?: \(icc\))?", "intraclass_correlation"),
        (r"breslow.{1,3}day(?:.{1,3}tarone)?" + _TEST, "cochran_mantel_haenszel"),
        (r"negative.binomial" + _TEST, "negative_binomial_regression"),
        (r"poisson" + _TEST, "poisson_regression"),
        (r"log.?linear" + _TEST, "log_linear_regression"),
        (r"(?:binary )?(?:logistic|logit)" + _TEST, "logistic_regression"),
        (r"classif(?:ier|ication)(?:.type)?(?: glm| model)?", "logistic_regression"),
        (r"(?:one.?sample )(?:wilcoxon )?signed.?ranks?" + _TEST, "one_sample_signed_rank"),
        (r"one.?sample (?:student'?s? )?t.?test", "one_sample_t_test"),
        (r"(?:exact )?binomial test", "binomial_test"),
        (r"(?:wilcoxon(?:'s)? )?signed.?ranks?" + _TEST, "wilcoxon_signed_rank"),
        (r"mann.{0,3}whitney(?:.u)?" + _TEST, "mann_whitney_u"),
        (r"(?:wilcoxon )?rank.sum" + _TEST, "mann_whitney_u"),
        (r"kruskal(?:.{1,3}wallis)?" + _TEST, "kruskal_wallis"),
        (r"wilcoxon(?:'s)?" + _TEST, "mann_whitney_u wilcoxon_signed_rank"),
        (r"friedman(?:'s)?" + _TEST, "friedman_test"),
        (r"(?:paired|dependent)(?:.samples?)? (?:student'?s? )?t.?tests?", "paired_t_test"),
        (r"(?:repeated.measures|rm).?anova", "repeated_measures_anova"),
        (r"student'?s? t.?tests?|pooled t.?tests?", "student_t_test"),
        (r"welch'?s? anova", "welch_anova"),
        (r"welch'?s?(?: t)?.?tests?|welch'?s?", "welch_t_test welch_anova"),
        (r"(?:two|2).?(?:way|factor) anova|factorial (?:anova|model|design|analysis)", "two_way_anova"),
        (r"(?:classic(?:al)? |standard )?(?:one|1).?way anova|classic(?:al)? anova", "one_way_anova"),
        (r"ancova|analysis of covariance", "ancova"),
        (r"fisher'?s?(?: exact)?" + _TEST, "fisher_exact"),
        (r"(?:pearson'?s? )?chi.?squared?(?: tests?)?(?: of independence)?", "chi_square_independence"),
        (r"kendall'?s?(?: rank)?(?: tau)?(?:.b)?" + _TEST, "kendall_correlation"),
        (r"spearman'?s?(?: rank)?(?: rho)?" + _TEST, "spearman_correlation"),
        (r"pearson'?s?(?: r)?" + _TEST, "pearson_correlation"),
        (r"(?:for )?(?:every|each|per) (?:extra|additional|further|added|one more)", "linear_regression"),
        (r"ols|(?:multiple |simple )?linear (?:regression|model)|least squares", "linear_regression"),
    )
)
_WHOLE = tuple((re.compile(pattern), methods) for pattern, methods in _NAMES)
# "pooled variance" turns a t test into Student's.
_POOLED = re.compile(r"(?:assuming |with )?(?:pooled|equal) variances?(?: assumed)?")
# What an explanation in brackets says of a yes/no column, and what is said again in other words.
_ASIDES = re.compile(r"\((?:yes|no|y|n|0|1|true|false)(?: ?(?:or|/|,|and) ?(?:yes|no|y|n|0|1|true|false))?\)")
_AGAIN = re.compile(r"^.*(?:\bi\.e\.|\bthat is,|\bin other words,?)(?=.{12})")
_T_TEST = re.compile(r"(?<!\w)(?:unpaired |independent )?t.?tests?(?!\w)")
_LOG = re.compile(r"\blog(?:10|2)?(?=\()|\bln(?=\()")
# Parts of every result, or of its method: asked for or not, they are there.
_OUTPUTS = re.compile(
    r"(?:,? ?(?:and |then |with |including |plus )?(?:i want |give me )?(?:the |a )?\b(?:tukey(?:'s)?(?: "
    r"hsd)?|"
    r"post.?hoc(?: tests?| comparisons?)?|games.howell|confidence intervals?|effect sizes?|p.?values?|"
    r"odds.ratios?|coefs?|coefficients?|vifs?|r.?squared|r2)\b)+"
)
_COURTESY = re.compile(
    r"\b(?:(?:quick(?:ly)? )?(?:please|pls|plz|thanks|thank you|cheers)\b(?: to (?:say|tell) me)?(?: if| "
    r"whether)?|"
    r"(?:i'd|i would|we'd|we would|i|we) (?:(?:like|want|wish|need|love)s? to (?:know|see|find out|learn|"
    r"check)|"
    r"wonder|am wondering|suspect|guess|think|bet)(?: that| if| whether)?|"
    r"(?:can|could|would) (?:you|u|someone) (?:please )?(?:tell|show|check|test|say|find)(?: me| us| out)?"
    r"(?: if| whether)?|"
    r"(?:tell|show) (?:me|us) (?:if|whether)|(?:test|check|find out|see|verify|determine|investigate) "
    r"(?:if|whether)|"
    r"it would (?:interest|please|delight|help) me to (?:know|see|find out|learn|hear)(?: that| if| "
    r"whether)?|(?:bearing|keeping) in mind(?: that)?|partial (?=effects?\b)|"
    r"i (?:should|would) be (?:\w+ )?(?:grateful|glad|happy|curious|interested) (?:to|if i could) "
    r"(?:know|see|find out|learn|hear)(?: that| if| whether)?|"
    r"(?:can|could|may|might|should) (?:one|we|it be) (?:say|said|maintain|maintained|claim|claimed|argue|"
    r"argued|"
    r"assert|conclude|concluded|infer|state)(?: that)?|"
    r"(?:my|our|the) (?:hunch|guess|suspicion|hypothesis|question|feeling|theory|claim)(?: is)?(?: that)?:?|"
    r"(?:check|test|verify|prove) (?:it|this|that)|on the whole|by and large|in general|generally speaking|"
    r"they say(?: that)?|people say(?: that)?|it is said(?: that)?|i (?:heard|read)(?: that)?|"
    r"is (?:that|this|it) (?:true|right|so|correct)(?: (?:of|for|in) (?:this|the|our|my) [a-z]+)?|"
    r"(?:of|to|by|in|from) one and (?=the same)|"
    r"pays? off in|"
    r"or (?:nah|not|what|does it not|do they not|is it not|isn't it)\s*(?=\W*$)|any idea(?: if| whether)?|"
    r"judging by|judged by|measured by|as measured by|in terms of|when it comes to|with respect to|"
    r"with regard to|regarding)\b"
)


@dataclass(frozen=True)
class Named:
    """A method that the question names: the words, and the methods that they may mean."""

    words: str
    methods: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Wording:
    """A question without the method's name and the words of courtesy, which are left out of `text`."""

    text: str
    named: Named | None


def wording(question: str) -> Wording:
    """Return what is asked, apart from how."""
    lower = question.lower()
    if len(lower) != len(question):  # a letter whose small form is two
        return Wording(question, None)
    spans = [(found.start(), found.end()) for found in _COURTESY.finditer(lower)]
    for pattern in (_OUTPUTS, _ASIDES, _AGAIN):
        spans += [(found.start(), found.end()) for found in pattern.finditer(lower)]
    named = _named(lower)
    if named is not None:
        spans.append((named.start, named.end))
        spans += [(found.start(), found.end()) for found in _POOLED.finditer(lower)]
    text = question
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    text = re.sub(r" {2,}", " ", text).strip(" ")
    return Wording(text, named) if text.strip(" ?.!,:;") else Wording(question, None)


def _named(lower: str) -> Named | None:
    if (logged := _LOG.search(lower)) is not None:
        return Named(logged.group(), ("log_linear_regression",), logged.start(), logged.end())
    if (plain := _T_TEST.search(lower)) is not None and _POOLED.search(lower):
        return Named(plain.group(), ("student_t_test",), plain.start(), plain.end())
    return next(_candidates(lower), None)


def _candidates(lower: str) -> Iterator[Named]:
    for pattern, methods in _WHOLE:
        if (found := pattern.search(lower)) is not None:
            yield Named(found.group().strip(), methods, found.start(), found.end())
