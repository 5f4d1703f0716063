"""Documents for tests to index, and a table to analyse."""

import random
from pathlib import Path

WORDS = [
    *("harbour", "freight", "ledger", "cargo", "anchor", "tide", "manifest", "crew", "captain", "voyage"),
    *("storm", "compass", "lantern", "timber", "cotton", "pepper", "invoice", "customs", "quay", "warehouse"),
]


def write_documents(folder: Path, count: int) -> None:
    """Write `count` different texts of about two pages, readable by everybody; each says its number."""
    chance = random.Random(20)  # noqa: S311 - the same texts each time
    for number in range(count):
        text = " ".join(chance.choices(WORDS, k=600))
        path = folder / f"letter-{number:05d}.txt"
        path.write_text(f"Letter number{number}\n\n{text}.\n")
        path.chmod(0o644)
    folder.chmod(0o755)  # pytest's folders are private, and the image's user is somebody else


def write_table(path: Path, rows: int = 1_000_000) -> Path:
    """Write a table that takes some seconds to analyse, in one run with several reports; return its path."""
    chance = random.Random(20)  # noqa: S311 - the same numbers each time
    lines = [
        ",".join([chance.choice(WORDS[:4]), *(f"{chance.gauss(50, 9):.3f}" for _ in range(8))])
        for _ in range(10_000)
    ]
    block = "\n".join(lines) + "\n"
    with path.open("w") as file:
        file.write("port," + ",".join(f"weight_{number}" for number in range(8)) + "\n")
        file.writelines(block for _ in range(rows // len(lines)))
    path.chmod(0o644)
    return path
