"""What a run is to do."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Mode = Literal["incremental", "full"]
Only = Literal["all", "failed"]


@dataclass(frozen=True)
class Order:
    """Bring an index in line with the files of a folder.

    Parameters
    ----------
    root : Path
        The folder. Hidden files and folders are left out, links are not followed.
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
        the old documents stay searchable. Full also builds a damaged or outdated index anew: the documents of
        other sources are then gone until those are indexed again.
    remove_deleted : bool
        Take documents out whose files are gone.
    only : "all" or "failed"
        With failed, read again the files whose last row is failed (and those that a killed run left in
        doubt), and leave every other as it is known, new and changed ones too; nothing is removed. `total` is
        then the number of files tried again; one that is gone is skipped as `vanished`.
    """

    root: Path
    index: Path
    name: str
    source: str
    run: str = ""
    mode: Mode = "incremental"
    remove_deleted: bool = True
    only: Only = "all"
