"""Documents for tests to index."""

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
