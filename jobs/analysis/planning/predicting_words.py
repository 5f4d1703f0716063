"""The words by which a question asks what explains a column. Texts are in lower case, names blanked out."""

import re

from jobs.analysis.tables.units import listed

# Words that ask for a model whatever the columns are.
MODEL = re.compile(
    r"\bpredict|\bregress|\bglm\b|\bmodel(s|l?ing|l?ed)?\b|\bestimate\b(?! of)|\bexplanatory\b|\bexplain"
)
VERB = (
    r"(predicts?|explains?|drives?|determines?|affects?|influences?|impacts?|shapes?|decides?|matters?|"
    r"contributes?|accounts?|goes? into|causes?|tells?)"
)
THINGS = (
    r"(factors?|predictors?|drivers?|determinants?|variables?|features?|columns?|characteristics|attributes|"
    r"things?)"
)
# One column is named, and all the others are asked for.
ALL_OTHERS = re.compile(
    rf"\b(what|which)( other| of (these|them|those|the))?( {THINGS})?"
    r"( (best|most|really|mainly|strongly|significantly))*( can| could| may)? "
    rf"{VERB}\b(?! (between|among))|"
    rf"\b{THINGS} (that |which )?(can |could |may )?{VERB}\b|"
    rf"\b{THINGS} (of|for|behind|in) (the )?_|"
    r"\bwhat (does |do |is |are )?(the )?_+ (driven|determined|predicted|explained|influenced|affected) by\b|"
    r"\bwhat (does|do) (the |a |an )?_+ depend on\b|"
    r"\b(what|which things) makes? (?:[a-z]+ ){0,3}_+ (so |more |less )?"
    r"(high|low|good|bad|better|worse|higher|lower|large|small|rise|fall|drop|grow|vary|differ|change)\b|"
    r"^\W*(please )?(can (we|you|i) )?(predict|model|explain|regress) (the |a )?_+\W*"  # and nothing else
    r"(from|by|on|using|with)? *,? *"
    r"(all |the |else|everything |everything|every |other |others|rest |rest|of |columns|variables|"
    r"features|available|data)*\W*$"
)
GENERIC = frozenset(
    listed(
        "factor factors predictor predictors driver drivers determinant determinants variable variables "
        "feature features column columns characteristic characteristics attribute attributes thing things "
        "people customers persons everything data dataset table significant important regression model "
        "logistic linear multiple poisson best glm regressors covariates count counts"
    )
)
# Between the first column and the next one: what follows explains it.
THEN_EXPLAINED = re.compile(
    r"\b(from|using|with|by|based on|given|on|through|as a function of|as function of|depend(s|ing|ed)?|"
    r"explained|predicted|determined|driven|influenced|affected|shaped)\b|~|="
)
# Before the last column: what stands before explains it.
EXPLAINS_LAST = re.compile(
    r"\b(predict|predicts|predicting|explain|explains|affect|affects|influence|influences|impact|impacts|"
    r"determine|determines|drive|drives|shape|shapes|matters? for|contributes? to|decides?)\b"
)
NAMED = re.compile(
    rf"\b{VERB}\b|\bpredict|\bestimate\b(?! of)|\bregress|\bmodel|\bexplain|\bdepend|\bdriven\b|"
    rf"\beffects?\b|\binfluenc|"
    r"\baffect|\bas a function of\b|~"
)
# A count is asked for, or named.
COUNTED = re.compile(r"\bhow (many|often)\b|\bnumbers? of\b|\bcounts? of\b")
COUNT_WORDS = frozenset(listed("count counts visits events cases accidents claims incidents absences calls"))
PERIODS = frozenset(listed("year month week day hour"))  # "visits per year": part of what was counted
