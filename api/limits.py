"""What one user may ask for: refused with 429 or 413 beyond it, told in `RateLimit` within it.

A request is counted when it begins and corrected when it has ended: what was refused for another reason costs
nothing, and an upload costs what has come of it. Routes are limited by their names, here and nowhere else.

References
----------
draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` (q: quota, w: window, qu: its unit) and
`RateLimit` (r: what is left, t: seconds until all is there again).
"""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import IO, Final, cast

from flask import Response, g, request

from api.pace import Pace
from jobs import limits
from jobs.connection import afterwards, reaching_redis, records_client
from jobs.errors import RateLimited, SessionSpaceUsed, TooLarge, Unavailable
from jobs.limits import Policy, Room, Standing, whole_seconds
from jobs.settings import settings
from jobs.users import User

log = logging.getLogger(__name__)

BURST_SECONDS: Final = 10  # for so long a user may ask at full speed, as a page does that opens
MINUTE, DAY = 60, 86_400
SUBMITTING: Final = ("jobs.submit_", "jobs.retry_job")
UPLOADING: Final = frozenset({"sessions.create_session", "sessions.put_file"})
REMOVING: Final = ("DELETE", "sessions.")
TOLD: Final = {
    "requests": "send {0.quota} requests in {0.window_seconds} seconds",
    "submits": "start {0.quota} jobs in a minute",
    "upload-bytes": "upload {0.quota} bytes in a day",
}
STEP_BYTES: Final = 16_000_000  # that an upload takes at once which does not tell its size
UNANNOUNCED_WAIT_SECONDS: Final = 60.0  # what an upload needs that does not tell its size, nobody knows
FIRST_REFUSAL: Final = 400  # of the statuses


@dataclass
class Charge:
    """What a request has been charged with so far; `size` and `roomy` in bytes, for a day and for good."""

    user: str
    standings: list[Standing] = field(default_factory=list)
    size: int = 0
    roomy: int = 0
    room: Room | None = None
    body: "CountedBody | None" = None


class CountedBody:
    """A request's body that is counted as it is read; what is refused is not read on."""

    def __init__(self, stream: IO[bytes], allow: Callable[[int], None]) -> None:
        self._stream = stream
        self._allow = allow
        self.bytes = 0

    def read(self, size: int = -1) -> bytes:
        """Return some of the body.

        Raises
        ------
        LonghaulError
            There is more of it than there is room for.
        """
        return self._counted(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        """Return a line of the body; errors as `read`."""
        return self._counted(self._stream.readline(size))

    def _counted(self, chunk: bytes) -> bytes:
        self.bytes += len(chunk)
        self._allow(self.bytes)
        return chunk


def is_submit(endpoint: str) -> bool:
    """Return whether a route starts a job."""
    return endpoint.startswith(SUBMITTING)


def begin(user: User) -> None:
    """Charge a request to its user.

    Raises
    ------
    RateLimited
        It is more than the user may ask for in a while.
    SessionSpaceUsed
        There is no room for what it uploads.
    Unavailable
        Redis does not answer.
    """
    pace = _requests()
    if pace is not None and (seconds := pace.wait(user.name)):
        refused = Standing(
            _requests_policy(), taken=False, left=0, wait_seconds=seconds, full_seconds=seconds
        )
        g.charge = Charge(user.name, [refused])
        raise _refused(refused)
    endpoint = request.endpoint or ""
    if is_submit(endpoint):
        g.charge = Charge(user.name)
        _spend(g.charge, _submits(), 1)
    elif endpoint in UPLOADING:
        g.charge = Charge(user.name)
        _begin_upload(g.charge)


def end(response: Response) -> Response:
    """Correct what a request was charged with, and tell its user where that leaves them."""
    charge = cast("Charge | None", g.pop("charge", None))
    if charge is not None:
        settle = partial(_settle, charge, is_refused=response.status_code >= FIRST_REFUSAL)
        if response.status_code == Unavailable.status:  # it has waited for Redis as long as it may
            afterwards(settle)
        else:
            _settle_now(settle)
        _tell(charge, response)
    method, part = REMOVING
    if request.method == method and (request.endpoint or "").startswith(part) and response.status_code < 300:
        _count_anew(cast(User, g.user).name)
    return response


def _settle_now(settle: Callable[[], None]) -> None:
    try:
        with reaching_redis():
            settle()
    except Unavailable as error:  # what was asked for has been done, or refused, all the same
        log.warning("a charge was not corrected", extra={"reason": repr(error)})


def _requests_policy() -> Policy:
    return Policy("requests", round(settings().requests_per_second * BURST_SECONDS) or 1, BURST_SECONDS)


@cache
def _requests() -> Pace | None:
    if not settings().requests_per_second:
        return None
    return Pace(_requests_policy().quota, BURST_SECONDS)


def _submits() -> Policy:
    return Policy("submits", settings().submits_per_minute, MINUTE)


def _uploads() -> Policy:
    return Policy("upload-bytes", settings().upload_bytes_per_day, DAY, of_bytes=True)


def _spend(charge: Charge, policy: Policy, cost: int) -> Standing | None:
    """Charge a request; 0 for a quota is no limit."""
    if not policy.quota:
        return None
    with reaching_redis():
        standing = limits.spend(records_client(), policy, charge.user, cost)
    charge.standings.append(standing)
    if not standing.taken:
        raise _refused(standing)
    return standing


def _refused(standing: Standing) -> RateLimited:
    policy, seconds = standing.policy, whole_seconds(standing.wait_seconds)
    share = TOLD[policy.name].format(policy)
    return RateLimited(
        f"You may {share}, of which {standing.left} are left; try again in {seconds} seconds.", seconds
    )


def _begin_upload(charge: Charge) -> None:
    """Take an upload's size from its user's shares; one that does not tell it takes more as it grows."""
    charge.size = charge.roomy = request.content_length or 0
    if charge.size > (_uploads().quota or math.inf):
        raise TooLarge(f"You may upload {_uploads().quota} bytes in a day; this is more.")
    _spend(charge, _uploads(), charge.size)
    if settings().session_bytes_per_user and not _take_room(charge, charge.size):
        raise _no_room()
    body = cast("IO[bytes]", request.environ["wsgi.input"])
    charge.body = request.environ["wsgi.input"] = CountedBody(body, partial(_grow, charge))


def _grow(charge: Charge, received: int) -> None:
    """Let an upload be of so many bytes: in large steps, and where those do not fit any more, byte for byte.

    Raises
    ------
    RateLimited, SessionSpaceUsed
        There is not so much left. What uploads at once have taken is gone for all the others.
    """
    if charge.standings and received > charge.size:
        with reaching_redis():
            for size in (received + STEP_BYTES, received):
                now = limits.spend(records_client(), _uploads(), charge.user, size - charge.size)
                if now.taken:
                    charge.standings[-1], charge.size = now, size
                    break
            else:
                raise _refused(replace(now, wait_seconds=UNANNOUNCED_WAIT_SECONDS))
    if charge.room is None or received <= charge.roomy:
        return
    if not (_take_room(charge, received + STEP_BYTES) or _take_room(charge, received)):
        raise _no_room()


def _take_room(charge: Charge, size: int) -> bool:
    """Take room for so much of an upload; return whether there was any."""
    most, upload = settings().session_bytes_per_user, charge.room.upload if charge.room else None
    with reaching_redis():
        room = limits.take_room(records_client(), charge.user, most=most, size=size, upload=upload)
    if room.left is None:
        return False
    charge.room, charge.roomy = room, size
    return True


def _no_room() -> SessionSpaceUsed:
    return SessionSpaceUsed(
        f"The files of your sessions may take {settings().session_bytes_per_user} bytes, and there is no "
        "room for this upload; remove sessions that you no longer need."
    )


def _settle(charge: Charge, *, is_refused: bool) -> None:
    """Give back what was not used; what was more than announced is charged too."""
    client, received = records_client(), charge.body.bytes if charge.body is not None else 0
    for number, standing in enumerate(charge.standings):
        if not standing.taken:
            continue
        unused = charge.size - received if standing.policy.of_bytes else int(is_refused)
        if unused:
            now = limits.spend(client, standing.policy, charge.user, -unused)
            if not now.taken:  # more came than there was: it costs all that is left
                now = limits.spend(client, standing.policy, charge.user, now.left)
            charge.standings[number] = now
    if charge.room is not None:
        limits.end_upload(client, charge.user, charge.room, 0 if is_refused else received)


def _tell(charge: Charge, response: Response) -> None:
    for standing in charge.standings:
        policy = standing.policy
        unit = ';qu="content-bytes"' if policy.of_bytes else ""
        response.headers["RateLimit-Policy"] = (
            f'"{policy.name}";q={policy.quota}{unit};w={policy.window_seconds}'
        )
        response.headers["RateLimit"] = (
            f'"{policy.name}";r={standing.left};t={whole_seconds(standing.full_seconds)}'
        )


def _count_anew(user: str) -> None:
    try:
        with reaching_redis():
            limits.count_anew(records_client(), user)
    except Unavailable as error:  # it is counted anew in ten minutes in any case
        log.warning("room of a user not counted anew", extra={"reason": repr(error)})
