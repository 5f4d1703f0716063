"""Tell questions in languages that are not read: French, Spanish, Italian and Dutch words that join and "
"ask."""

import re
from collections.abc import Mapping, Sequence

from jobs.analysis.tables.columns import Column
from jobs.analysis.tables.units import listed, words_of

# Words that neither English nor German questions have.
_TELLING: Mapping[str, frozenset[str]] = {
    "French": frozenset(
        listed(
            "par selon moyenne moyen moyens moyennes quelle quel quels quelles combien les des une dans "
            "avec sont "
            "est pour chez écart différence différences plus moins entre hommes femmes sans aux leur leurs "
            "nombre "
            "lien relation influence effet dépend élevé élevée"
        )
    ),
    "Spanish": frozenset(
        listed(
            "por según promedio cuál cuáles cuánto cuántos cuántas los las una con entre más menos hombres "
            "mujeres "
            "diferencia media número qué depende hay del sin"
        )
    ),
    "Italian": frozenset(
        listed(
            "secondo quale quali quanto quanti gli della delle degli con tra più meno uomini donne "
            "differenza media "
            "numero che dipende sono senza nel nella"
        )
    ),
    "Dutch": frozenset(
        listed(
            "gemiddelde verschil tussen welke hoeveel het een voor zijn meer minder mannen vrouwen zonder "
            "aantal"
        )
    ),
}
# These stand in English questions too, and tell nothing by themselves.
_SHARED = frozenset(listed("plus les des est pour relation influence media con hay sin moyen une per"))
# One of these is enough beside names of columns.
_SURE = frozenset(
    listed(
        "par selon moyenne moyennes quelle quelles combien dans avec différence différences écart según "
        "promedio cuál "
        "cuáles cuánto cuántos cuántas hombres mujeres diferencia secondo quale quali differenza uomini "
        "donne della "
        "gemiddelde verschil tussen hoeveel mannen vrouwen hommes femmes"
    )
)


def language(question: str, columns: Sequence[Column]) -> str | None:
    """Return the language of a question that is neither English nor German, or None."""
    own = {word for one in columns for name in (one.name, *one.levels) for word in words_of(name)}
    words = [word for word in re.findall(r"[^\W\d_]+", question.lower()) if word not in own]
    scores = {name: len([word for word in words if word in told]) for name, told in _TELLING.items()}
    best = max(scores, key=lambda name: scores[name])
    told = {word for word in words if word in _TELLING[best]}
    return best if told & _SURE or len(told - _SHARED) > 1 else None


def unread(found: str) -> str:
    """Return what to say about a question in another language."""
    return (
        f"Questions are read in English and German alone, and this one seems to be {found}; ask it in one of "
        "them."
    )
