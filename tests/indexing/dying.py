"""For programs that kill or stop themselves at a chosen moment."""

import os
import signal


def die_after(owner: object, name: str, calls: int, *, how: signal.Signals = signal.SIGKILL) -> None:
    """Kill or stop this process right after `owner.name` has returned for the `calls`-th time."""
    original, made = getattr(owner, name), []

    def counted(*args, **kwargs):
        result = original(*args, **kwargs)
        made.append(name)
        if len(made) == calls:
            os.kill(os.getpid(), how)
        return result

    setattr(owner, name, counted)


def say(progress) -> None:
    """Print a report, for the test that has started this program."""
    print(progress.stage, progress.processed, flush=True)  # noqa: T201 - read by the test
