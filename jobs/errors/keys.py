"""Why a request with an `Idempotency-Key` is refused."""

from jobs.errors.base import LonghaulError


class KeyReused(LonghaulError):
    """The `Idempotency-Key` came with another request within the last day. A key belongs to one request."""

    slug = "idempotency-key-reused"
    title = "The key belongs to another request"
    status = 422


class KeyInUse(LonghaulError):
    """The first request with this `Idempotency-Key` has not ended yet. Ask again for its job in a moment."""

    slug = "idempotency-key-in-use"
    title = "The request is still being worked on"
    status = 409


class KeyOfDeletedJob(LonghaulError):
    """The job that this `Idempotency-Key` has started was deleted since. A new job needs a new key."""

    slug = "idempotency-key-of-deleted-job"
    title = "The key's job was deleted"
    status = 409
