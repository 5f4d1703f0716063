"""What one file may cost before it is given up: the guard against hostile and broken documents."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Bounds for each file; a file beyond one of them is a result with a reason, never an error of the job.

    Parameters
    ----------
    file_bytes : int
        Larger files are skipped (`too_large`).
    archive_bytes, archive_members : int
        What a zipped document may hold when expanded (`archive_expands_too_much`, `too_many_members`).
    characters : int
        Text beyond this many characters of one file is left out; the file's detail says so.
    seconds_per_file : float
        Wall-clock time for one file (`timeout`).
    memory_bytes : int
        Address space of one extraction process (`out_of_memory`).
    """

    file_bytes: int = 200 * MEGABYTE
    archive_bytes: int = 500 * MEGABYTE
    archive_members: int = 10_000
    characters: int = 20_000_000
    seconds_per_file: float = 60.0
    memory_bytes: int = 1 << 30
