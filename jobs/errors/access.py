"""Errors of who asks, what for, and how much of it."""

from jobs.errors.base import LonghaulError


class Unauthenticated(LonghaulError):
    """No token, or one that is not known. `code` is RFC 6750's word for what is wrong with the one sent."""

    slug = "unauthenticated"
    title = "A token is needed"
    status = 401

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class ExpiredToken(Unauthenticated):
    """The token was good once; its time is over. Ask for a new one."""

    slug = "token-expired"
    title = "The token has expired"

    def __init__(self, message: str) -> None:
        super().__init__(message, "invalid_token")


class UnusableLink(LonghaulError):
    """A signed link that is over, was changed, or whose token was revoked. Ask for a new one."""

    slug = "unusable-link"
    title = "The link cannot be used"
    status = 403


class InsufficientScope(LonghaulError):
    """The token is good, but not for this: it was made for other uses. The problem names the scope needed."""

    slug = "insufficient-scope"
    title = "The token is not for this"
    status = 403

    def __init__(self, message: str, scope: str | None = None) -> None:
        super().__init__(message)
        self.scope = scope


class RateLimited(LonghaulError):
    """You have asked for more than your share in a while; `Retry-After` says when to come again."""

    slug = "rate-limited"
    title = "Too much was asked for in a short time"
    status = 429

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class TooManyJobs(RateLimited):
    """You have as many jobs waiting as you may have: start more when some of them have begun."""

    slug = "too-many-jobs"
    title = "Too many of your jobs wait"


class SessionSpaceUsed(LonghaulError):
    """The files of your sessions take as much room as they may: remove sessions that you no longer need."""

    slug = "session-space-used"
    title = "There is no room for more files"
    status = 413
