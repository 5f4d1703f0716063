"""Write twelve small, realistic tables as CSV, the same ones on every run.

Effects are of the size seen in practice; some columns are skewed, some have gaps, and most tables hold an
identifier or a date, as real ones do. Usage: python tests/data/make_tables [folder]
"""

import csv
import random
import sys
from pathlib import Path

import people
import trade

SEED = 20261121
TABLES = [
    people.clinic_visits,
    people.school_marks,
    people.coffee_panel,
    people.ward_infections,
    people.reaction_times,
    trade.ad_campaigns,
    trade.customer_churn,
    trade.turbine_readings,
    trade.support_tickets,
    trade.field_trial,
    trade.ab_test,
    trade.energieverbrauch,
]


def main(folder: Path) -> None:
    """Write the tables into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        rows = table(random.Random(f"{SEED}-{table.__name__}"))  # noqa: S311 - the same at every run
        with (folder / f"{table.__name__}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "tables")
