"""What an analysis leaves beside its results: figures and a script."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Plot:
    """One figure in its formats; paths are relative to the project folder."""

    id: str
    title: str
    alt: str
    files: Mapping[str, str]  # {"png": "plots/groups.png", "jpg": ..., "svg": ...}
    data: str  # "plots/groups.csv": what is drawn


@dataclass(frozen=True)
class Script:
    """The program that computes the numbers again, and whether it was run and agreed."""

    path: str  # "script.py"
    verified: bool
    max_relative_difference: float | None
    reason: str | None = None  # why it could not be verified
