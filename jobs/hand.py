"""What a run has in hand, kept in its record: so that an item that kills its worker is found and left out.

A run that dies with several items in hand makes each of them a suspect. The next run takes suspects one at a
time; one that is in hand alone when two runs die has killed its worker twice, and is not touched again. A
death in company proves nothing: a machine that is switched off takes whatever is in hand with it.
"""

import json  # not orjson, which refuses a name that is no valid Unicode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import redis

from jobs.backend import JobStopped
from jobs.journal import KILLER
from jobs.keys import parent_of, record_key
from jobs.records import Record
from jobs.transitions import HOLD

# Notes the deaths of items, and forgets what was in hand. KEYS: the record. ARGV: deaths as JSON, how many
# items have killed twice.
NOTE_DEATHS = """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'deaths', ARGV[1], 'killers', ARGV[2])
return redis.call('HDEL', KEYS[1], 'hand')
"""


class Hand:
    """The journal of one run. A note is also where a run learns that it must stop.

    Parameters
    ----------
    ask : callable
        Calls a function that talks to Redis, again for as long as Redis does not answer.
    """

    def __init__(self, client: redis.Redis, record: Record, fence: int, *, ask: Callable[..., Any]) -> None:
        self._script = client.register_script(HOLD)
        self._ask = ask
        self._fence = fence
        self._keys = [record_key(record.id)]
        if (parent := parent_of(record.id)) != record.id:
            self._keys.append(record_key(parent))
        self._deaths = _after_death(record)
        self._held: Sequence[str] = ()
        if record.hand is not None:
            self._note_deaths(client)

    def _note_deaths(self, client: redis.Redis) -> None:
        killers = sum(deaths >= KILLER for deaths in self._deaths.values())
        script = client.register_script(NOTE_DEATHS)
        self._ask(script, keys=self._keys[:1], args=[json.dumps(self._deaths), killers])

    def deaths(self) -> Mapping[str, int]:
        """Return how often a run died with nothing but this item in hand, of the items in doubt."""
        return self._deaths

    def hold(self, items: Sequence[str], /) -> None:
        """Note what is in hand from now on, in place of what was.

        Raises
        ------
        JobStopped
            The job has ended, was deleted, or a newer attempt runs it.
        """
        if items or self._held:
            self._note(items)

    def empty(self) -> None:
        """Note that the run has ended: nothing is in hand any more.

        Raises
        ------
        JobStopped
            As from `hold`, whether or not anything was in hand.
        """
        self._note(())

    def _note(self, items: Sequence[str]) -> None:
        refusal = self._ask(self._script, keys=self._keys, args=[self._fence, json.dumps(list(items))])
        if refusal:
            raise JobStopped(str(refusal))
        self._held = items


def _after_death(record: Record) -> dict[str, int]:
    """Return the deaths with that of the run that left its hand behind."""
    deaths: dict[str, int] = json.loads(record.deaths) if record.deaths else {}
    hand: list[str] = json.loads(record.hand) if record.hand else []
    for item in hand:
        deaths[item] = deaths.get(item, 0) + (len(hand) == 1)
    return deaths
