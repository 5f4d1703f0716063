"""What a run is to do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jobs.indexing.sources.globs import EVERYTHING, Choice

Mode = Literal["incremental", "full"]
Only = Literal["all", "failed"]


@dataclass(frozen=True)
class Place:
    """A folder of documents, and what an index calls it."""

    root: Path
    source: str


@dataclass(frozen=True)
class Order:
    """Bring an index in line with the files of a folder, or of several.

    Parameters
    ----------
    root : Path or None
        The folder. Hidden files and folders are left out, links are not followed. None where there is none
        at all, of a `family` that has no member any more.
    index : Path
        Folder of the index, on a local disk; made when it does not exist.
    name : str
        What the user calls the index, for the result.
    source : str
        Where the files come from ("folder:docs/2026"). An index can hold several sources; a run touches its
        own.
    run : str
        Names this run among all runs; part of a file name.
    mode : "incremental" or "full"
        Read what has changed, by size and time and then by content; or read every file again, in place, while
        the old documents stay searchable. Either builds a damaged or outdated index anew, beside the old one.
    remove_deleted : bool
        Take documents out whose files are gone.
    only : "all" or "failed"
        With failed, read again the files whose last row is failed (and those that a killed run left in
        doubt), and leave every other as it is known, new and changed ones too; nothing is removed. `total` is
        then the number of files tried again; one that is gone is skipped as `vanished`.
    others : tuple of Place
        Further folders, of sources of their own. All together are one run, with one account.
    family : str
        The places are all sources whose names begin so: every other of them that the index holds is gone, and
        leaves it. Then a place that is not there is no fault. Empty for none.
    choice : Choice
        Which files are meant. The others are no files of the run, and leave the index if they are in it,
        whatever `remove_deleted` says.
    most_bytes : int, optional
        What the index may take on the disk: a run that goes beyond stops at its last commit.
    """

    root: Path | None
    index: Path
    name: str
    source: str
    run: str = ""
    mode: Mode = "incremental"
    remove_deleted: bool = True
    only: Only = "all"
    others: tuple[Place, ...] = ()
    family: str = ""
    choice: Choice = EVERYTHING
    most_bytes: int | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        """All folders of the run, each with its source."""
        return self.others if self.root is None else (Place(self.root, self.source), *self.others)
