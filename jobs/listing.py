"""An owner's jobs in the order in which they are listed: the newest first, and of one moment by their ids."""

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

import redis
from pydantic import FiniteFloat

from jobs.keys import owner_key

HALF_A_MICROSECOND: Final = 5e-7


class Place(NamedTuple):
    """Where a job stands in the list."""

    created_at: FiniteFloat
    job_id: str


def newest(
    client: redis.Redis, owner: str, *, after: Place | None, limit: int, since: float | None = None
) -> Sequence[Place]:
    """Return the next jobs of an owner, fewer than `limit` only at the end of the list.

    Parameters
    ----------
    after : Place, optional
        The last job that was listed before, which may be gone; None begins with the newest.
    since : float, optional
        Unix seconds: only jobs created later, by a microsecond at least, which is what users see of times.
    """
    lowest = "-inf" if since is None else f"({since + HALF_A_MICROSECOND!r}"
    highest = "+inf" if after is None else repr(after.created_at)
    places: list[Place] = []
    offset = 0
    while len(places) < limit:
        found = client.zrange(
            owner_key(owner),
            highest,
            lowest,
            desc=True,
            byscore=True,
            offset=offset,
            num=limit,
            withscores=True,
        )
        members = cast("list[tuple[str, float]]", found)
        listed = [Place(created_at, job_id) for job_id, created_at in members]
        # Redis, too, has members of one score in the order of their names.
        places += [place for place in listed if after is None or place < after]
        if len(members) < limit:
            break
        offset += limit
    return places[:limit]
