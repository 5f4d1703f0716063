"""Following a job to its end: the service paces it, and may be away for a while."""

import time
from collections.abc import Iterator

import httpx2

from longhaul.errors import Unreachable, WaitTimeout
from longhaul.models import JobState, job_state
from longhaul.patience import retry_after
from longhaul.transport import NOT_MODIFIED, Call, Transport, Trouble, document, path

LONGEST_WAIT_SECONDS = 20  # of one request; the service takes no more
USUAL_PAUSE_SECONDS = 1.0
PATIENCE_SECONDS = 300.0  # for which a service may be away while a job is waited for


def changes(
    transport: Transport,
    job_id: str,
    *,
    timeout: float | None = None,
    patience: float = PATIENCE_SECONDS,
    trouble: Trouble | None = None,
) -> Iterator[JobState]:
    """Yield how a job looks now and at each change, the last time when it has ended.

    Each request names the look that is known (`If-None-Match`) and asks to be answered once there is another
    (`Prefer: wait`); where the service does not wait, it says when to come again (`Retry-After`).

    Parameters
    ----------
    timeout : float, optional
        Seconds after which to stop waiting.
    patience : float
        Seconds without any answer after which to give up.
    trouble : callable, optional
        Is told whenever the service does not answer.

    Raises
    ------
    WaitTimeout
        The job goes on.
    """
    end = time.monotonic() + timeout if timeout is not None else float("inf")
    seen: JobState | None = None
    etag = ""
    while True:
        left = end - time.monotonic()
        if left <= 0 and seen is not None:
            raise WaitTimeout(job_id, timeout or 0.0)
        call = _look(job_id, etag, left)
        try:
            answer = transport.send(call, patience=max(0.0, min(patience, left)), trouble=trouble)
        except Unreachable as error:
            if left > patience:
                raise
            raise WaitTimeout(job_id, timeout or 0.0) from error
        is_news = False
        if answer.status_code != NOT_MODIFIED:
            now = job_state(document(answer))
            is_news = seen is None or now.raw != seen.raw
            if is_news:
                yield now
            if now.done:
                return
            seen, etag = now, answer.headers.get("ETag", "")
        _pause(answer, is_news=is_news and bool(etag), end=end)


def _look(job_id: str, etag: str, left: float) -> Call:
    """Return the request that is answered once the job looks different from `etag`; at once without one."""
    seconds = int(min(LONGEST_WAIT_SECONDS, max(left, 0.0)))
    if not etag or not seconds:
        return Call("GET", path("jobs", job_id), headers={"If-None-Match": etag} if etag else {})
    headers = {"If-None-Match": etag, "Prefer": f"wait={seconds}"}
    return Call("GET", path("jobs", job_id), headers=headers, wait_seconds=seconds)


def _pause(answer: httpx2.Response, *, is_news: bool, end: float) -> None:
    """Wait as long as the service asks, unless it has waited itself or told something new."""
    if is_news or "Preference-Applied" in answer.headers:
        return
    asked = retry_after(answer.headers.get("Retry-After"))
    seconds = USUAL_PAUSE_SECONDS if asked is None else asked
    time.sleep(max(0.0, min(seconds, end - time.monotonic())))
