"""How long a running attempt will still take, from how fast its percent has risen.

The rate is the percent gained over the time that it took, both weighted so that what lies further back counts
for less. It is therefore exact for work that goes evenly, from the first moment on.

The constants were chosen by simulating ten courses of work of 30 s to an hour: even, noisy, slowing, with a
slow start, in stages, leaping, halting, a hundred times slower from the middle on. Against a half-life of a
tenth of the time so far and steps that count in full, the middle error over all falls from 28 to 25 percent,
that of work that leaps or halts to nearly half, and the jumps from one reading to the next from 32 to 21
percent. Even work is told exactly with either.
"""

SHORTEST_HALF_LIFE_SECONDS = 15.0
HALF_LIFE_SHARE = 0.25  # of the time since the first note: the longer the job, the further it looks back
MOST_SURPRISE = 5.0  # times the gain or the time expected of a step: one huge file is not a new pace
SECONDS_BETWEEN_SAMPLES = 0.5  # notes closer together are one step; a rate over an instant says nothing

# A first guess is wrong more often than not; a number that comes late is better than one that is taken back.
LEAST_SECONDS_SEEN = 3.0
LEAST_PERCENT_SEEN = 3.0
LEAST_STEPS_SEEN = 3
LEAST_PATIENCE_SECONDS = 10.0  # without a step, before it is said that the end cannot be told any more
LONGEST_SECONDS = 30 * 86_400.0  # above, the work stands as good as still, and no number is of use

SECOND_STEPS_BELOW = 60
FIVE_SECOND_STEPS_BELOW = 600


def as_read(seconds: float) -> int:
    """Return a time left as a person would say it: to 1 s below a minute, 5 s below ten minutes, else 60 s.

    Parameters
    ----------
    seconds : float, finite
        Less than a second, or less than nothing, is one second: what has not ended takes some time yet.
    """
    step = 1 if seconds < SECOND_STEPS_BELOW else 5 if seconds < FIVE_SECOND_STEPS_BELOW else 60
    return max(1, int(seconds / step + 0.5) * step)


def counted_down(eta_seconds: int | None, age_seconds: float) -> int | None:
    """Return a time left that was told `age_seconds` ago, as it is now; None once it can no longer hold.

    A worker tells the time left with each report. Between two reports, and after the worker's death, a reader
    counts on from the last; what has been silent for half of the time left is not on the way to that end.
    """
    if eta_seconds is None or age_seconds > max(LEAST_PATIENCE_SECONDS, eta_seconds / 2):
        return None
    return as_read(eta_seconds - max(0.0, age_seconds))


class Eta:
    """The time left of one attempt. Times are seconds of any one clock that does not go back.

    The first note is where the measuring begins. Whoever joins an attempt on its way, as a batch does, notes
    where that began first: `note(started_at, 0)`.
    """

    def __init__(self) -> None:
        self._began: tuple[float, float] | None = None  # time and percent of the first note
        self._percent = 0.0
        self._stepped_at = 0.0
        self._stepped_to = 0.0
        # Weighted sums over the steps so far: percent gained, seconds taken, steps made.
        self._gained = 0.0
        self._taken = 0.0
        self._weight = 0.0
        self._steps = 0

    def note(self, now: float, percent: float) -> None:
        """Take note of how far the attempt is. A percent below the highest so far is no news."""
        if self._began is None:
            self._began = (now, percent)
            self._percent, self._stepped_at, self._stepped_to = percent, now, percent
            return
        self._percent = max(self._percent, percent)
        gain, taken = self._percent - self._stepped_to, now - self._stepped_at
        if gain > 0 and taken >= SECONDS_BETWEEN_SAMPLES:
            self._step(gain, taken, half_life=self._half_life(now - self._began[0]))
            self._stepped_at, self._stepped_to = now, self._percent

    def seconds(self, now: float) -> int | None:
        """Return whole seconds until the end as a person would say it, 0 at 100 percent.

        None until enough was seen, and while nothing has moved for much longer than a step takes.
        """
        if self._percent >= 100:
            return 0
        if not self._worth_showing(now):
            return None
        since_step = max(0.0, now - self._stepped_at)
        step_seconds = self._taken / self._weight
        if since_step > max(LEAST_PATIENCE_SECONDS, MOST_SURPRISE * step_seconds):
            return None
        # Counts down while the next step is on its way, and waits for one that is late.
        left = (100 - self._stepped_to) * (self._taken / self._gained) - min(since_step, step_seconds)
        return as_read(left) if left <= LONGEST_SECONDS else None

    def _worth_showing(self, now: float) -> bool:
        if self._began is None or self._gained <= 0:
            return False
        began_at, began_with = self._began
        return (
            self._steps >= LEAST_STEPS_SEEN
            and now - began_at >= LEAST_SECONDS_SEEN
            and self._percent - began_with >= LEAST_PERCENT_SEEN
        )

    def _step(self, gain: float, taken: float, *, half_life: float) -> None:
        """Weigh in a step, as far as it can be believed."""
        # A long step ends what was known by half, not wholly: it may be the one huge file.
        fade = 0.5 ** min(1.0, taken / half_life)
        if self._gained > 0:
            rate = self._gained / self._taken
            gain, taken = (
                min(gain, MOST_SURPRISE * rate * taken),
                min(taken, max(SECONDS_BETWEEN_SAMPLES, MOST_SURPRISE * gain / rate)),
            )
        self._gained = self._gained * fade + gain
        self._taken = self._taken * fade + taken
        self._weight = self._weight * fade + 1
        self._steps += 1

    @staticmethod
    def _half_life(elapsed: float) -> float:
        return max(SHORTEST_HALF_LIFE_SECONDS, HALF_LIFE_SHARE * elapsed)
