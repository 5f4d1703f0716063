"""Columns as the planner sees them, without a table behind them."""

from jobs.analysis.tables.columns import Column


def column(name, role="number", dtype=None, levels=(), distinct=40):
    kind = dtype or ("text" if role in ("category", "boolean", "id", "text") else "number")
    return Column(name, role, kind, None, 100, 0, 0, len(levels) or distinct, tuple(levels))


WEIGHT = column("body_mass_g")
LENGTH = column("flipper_length_mm")
SPECIES = column("species", "category", levels=("Adelie", "Chinstrap", "Gentoo"))
SEX = column("sex", "boolean", levels=("female", "male"))
ISLAND = column("island", "category", levels=("Biscoe", "Dream"))
CITY = column("city", "category", distinct=300)
BIRD = column("bird_id", "id", distinct=100)
COLUMNS = (BIRD, SPECIES, ISLAND, WEIGHT, LENGTH, SEX, CITY)
