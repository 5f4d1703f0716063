"""Every error that Longhaul raises on purpose: one tree, so that a reader can tell ours from a defect.

An error's text is written for the user who caused it: it names the value in hand and says what to do.
`slug` names the kind of problem on the wire (`/problems/<slug>`), `status` is its HTTP status.
"""

from jobs.errors.access import ExpiredToken as ExpiredToken
from jobs.errors.access import InsufficientScope as InsufficientScope
from jobs.errors.access import RateLimited as RateLimited
from jobs.errors.access import SessionSpaceUsed as SessionSpaceUsed
from jobs.errors.access import TooManyJobs as TooManyJobs
from jobs.errors.access import Unauthenticated as Unauthenticated
from jobs.errors.access import UnusableLink as UnusableLink
from jobs.errors.base import LonghaulError as LonghaulError
from jobs.errors.keys import KeyInUse as KeyInUse
from jobs.errors.keys import KeyOfDeletedJob as KeyOfDeletedJob
from jobs.errors.keys import KeyReused as KeyReused


class BadInput(LonghaulError):
    """What the user sent cannot be used as it is."""

    slug = "bad-input"
    title = "The input cannot be used"
    status = 422


class UnreadableTable(BadInput):
    """A file is not a table that Longhaul can read."""

    slug = "unreadable-table"
    title = "The table cannot be read"


class UnknownColumn(BadInput):
    """A column was named that the table does not have."""

    slug = "unknown-column"
    title = "The table has no such column"


class UnknownMethod(BadInput):
    """A method was named that Longhaul does not know."""

    slug = "unknown-method"
    title = "There is no such method"


class UnsuitableData(BadInput):
    """The table can be read, but these columns cannot answer what was asked."""

    slug = "unsuitable-data"
    title = "The data cannot answer this"


class TooFewValues(UnsuitableData):
    """A sample is too small for the method."""

    slug = "too-few-values"
    title = "There are too few values"


class UnusableQuery(BadInput):
    """A search query cannot be parsed."""

    slug = "unusable-query"
    title = "The query cannot be understood"

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position  # 0-based offset of the offending character, where it is known


class NotFound(LonghaulError):
    """There is no such thing, or it belongs to somebody else; the two are never told apart."""

    slug = "not-found"
    title = "Not found"
    status = 404


class NotReady(LonghaulError):
    """The thing will exist, but does not yet."""

    slug = "results-not-ready"
    title = "The results are not ready"
    status = 409


class TooLarge(LonghaulError):
    """An upload is larger than this server accepts."""

    slug = "too-large"
    title = "The upload is too large"
    status = 413


class DiskFull(LonghaulError):
    """The server's disk has no room for what was sent. Nothing of it was stored."""

    slug = "disk-full"
    title = "The server's disk is full"
    status = 507


class DigestDiffers(BadInput):
    """What came is not what its `Content-Digest` says: it was changed or cut short. Send it again."""

    slug = "digest-differs"
    title = "The upload is not what its digest says"


class LengthNeeded(LonghaulError):
    """An upload has to tell how long it is, by Content-Length or with a `Content-Digest`.

    Otherwise one that broke off could not be told from one that is whole.
    """

    slug = "length-needed"
    title = "The upload does not say how long it is"
    status = 411


class NotAsExpected(LonghaulError):
    """The thing is not as `If-Match`, `If-None-Match` or `If-Unmodified-Since` say that it must be.

    Somebody has made, changed or removed it meanwhile. Look at it again, and decide anew.
    """

    slug = "precondition-failed"
    title = "It is not as you expected it"
    status = 412


class BrokenIndex(LonghaulError):
    """An index on disk is damaged and has to be built again."""

    slug = "broken-index"
    title = "The index is damaged"


class IndexBusy(LonghaulError):
    """Another job is writing this index; there is one writer at a time."""

    slug = "index-busy"
    title = "The index is being written"
    status = 409


class IndexSpaceUsed(LonghaulError):
    """The indexes of a user take as much of the disk as they may."""

    slug = "index-space-used"
    title = "There is no room for more in your indexes"
    status = 413


class TooManyIndexes(LonghaulError):
    """A user has as many indexes as a user may have."""

    slug = "too-many-indexes"
    title = "You have as many indexes as you may have"
    status = 409


class IndexExists(LonghaulError):
    """An index of this name exists already."""

    slug = "index-exists"
    title = "There is an index of this name"
    status = 409


class Unavailable(LonghaulError):
    """A service that Longhaul needs does not answer; nothing was recorded."""

    slug = "unavailable"
    title = "The service is not available"
    status = 503


class StorageAway(Unavailable):
    """The object store that machines share does not answer: a job that meets this is begun anew later."""


class ConfigurationError(LonghaulError):
    """A setting is missing, misspelt or contradicts another."""

    slug = "configuration"
    title = "The configuration is wrong"


class TookTooLong(LonghaulError):
    """The job ran into its time limit."""

    slug = "timeout"
    title = "The job took too long"


class WorkerLost(LonghaulError):
    """The job's process died each time it was tried."""

    slug = "worker-lost"
    title = "The worker died"


class GaveUp(LonghaulError):
    """The job was begun as often as is allowed and never ended."""

    slug = "gave-up"
    title = "The job was given up"


class OutOfMemory(LonghaulError):
    """The job needed more memory than its worker has."""

    slug = "out-of-memory"
    title = "The job needs too much memory"


class InternalError(LonghaulError):
    """A defect of Longhaul's own; its details are in the log, never in an answer."""

    slug = "internal-error"
    title = "Longhaul failed"


class TooManyDownloads(RateLimited):
    """As many large downloads go on as may: let one end, or come again after `Retry-After`."""

    slug = "too-many-downloads"
    title = "Too many large downloads at once"


class JobFailed(LonghaulError):
    """The job has no results, because it failed."""

    slug = "job-failed"
    title = "The job failed"
    status = 409


class AlreadyEnded(LonghaulError):
    """The job has ended, so that nothing of it can be stopped."""

    slug = "job-finished"
    title = "The job has ended"
    status = 409


class NotEnded(LonghaulError):
    """The job has not ended, which it must have for what was asked."""

    slug = "job-not-finished"
    title = "The job has not ended"
    status = 409


class SessionBusy(LonghaulError):
    """A job of the session has not ended; what it works with cannot be removed."""

    slug = "session-busy"
    title = "A job of the session is running"
    status = 409
