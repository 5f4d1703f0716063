"""An uploaded file on a slow disk: whoever reads it gets its bytes as fast as a test says."""

import os
import threading
from contextlib import suppress
from pathlib import Path

PIECES = 400
SECONDS_A_PIECE = 0.02


class SlowFile:
    """Puts a pipe in the place of a file and feeds it with the file's own content. Use as a context manager.

    Who reads it needs eight seconds, unless `hurry` is called; if it hangs, it stops after its first bytes.
    """

    def __init__(self, path: Path, *, hangs: bool = False):
        self.path = path
        self._content = path.read_bytes()
        self._hurried = threading.Event()
        self._hangs = hangs
        self._closed = threading.Event()
        self._feeder = threading.Thread(target=self._feed, daemon=True)

    def __enter__(self) -> "SlowFile":
        self.path.unlink()
        os.mkfifo(self.path)
        self._feeder.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._hurried.set()
        with suppress(FileNotFoundError):
            reader = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)  # the feeder waits for one
            self._feeder.join(10)
            os.close(reader)
            self.path.unlink()
            self.path.write_bytes(self._content)

    def _feed(self) -> None:
        size = max(1, len(self._content) // PIECES)
        pause, seconds = (self._closed, None) if self._hangs else (self._hurried, SECONDS_A_PIECE)
        while not self._closed.is_set():
            with suppress(BrokenPipeError), self.path.open("wb", buffering=0) as pipe:
                for begin in range(0, len(self._content), size):
                    if self._closed.is_set():
                        return
                    pipe.write(self._content[begin : begin + size])
                    pause.wait(seconds)
                return  # whoever reads has it all, and must find its end

    def hurry(self) -> None:
        """Give the rest at once."""
        self._hurried.set()

    def readers(self) -> list[int]:
        """Return the ids of the processes that read it now."""
        found = []
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            with suppress(OSError):  # it has ended, or is somebody else's
                if link.readlink() == self.path and int(link.parts[2]) != os.getpid():
                    found.append(int(link.parts[2]))
        return found
