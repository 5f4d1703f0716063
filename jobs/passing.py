"""Which faults of a run pass by themselves, so that the job is begun anew a little later."""

from typing import TYPE_CHECKING, Final

from jobs.errors import LonghaulError, StorageAway
from jobs.records import Record

if TYPE_CHECKING:
    from jobs.job import Job

MOST_RETRIES: Final = 60  # five minutes: what is still so by then does not pass


def may_pass(kind: "Job", record: Record, error: LonghaulError) -> bool:
    """Tell whether what a run has met may be gone a little later.

    The storage may be back, another job may let go of what it has, and so may an earlier attempt of the same
    job that was thought dead.
    """
    retried = kind.request.retries
    if isinstance(error, StorageAway):
        return bool(retried < MOST_RETRIES)
    if not isinstance(error, kind.retry_on):
        return False
    if kind.waits is not None and type(kind).waits(record, retried):  # type: ignore[misc]
        return True
    return bool(kind.request.fence != 1 and retried < MOST_RETRIES)
