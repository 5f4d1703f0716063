"""`python -m api.serve`: the API behind granian, after the first token was made."""

import ipaddress
import resource
import socket
import sys

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import Server

from api import oidc
from jobs import archive, logs, redis_server, removal, users
from jobs.connection import records_client
from jobs.errors import ConfigurationError, Unavailable
from jobs.settings import Settings, settings

MOST_OPEN_FILES = 65_536
# Connections cost little, and those that say nothing are closed: at the usual 1,024 so many idle ones would
# keep everybody else out.
MOST_CONNECTIONS = 30_000
HEADER_MILLISECONDS = 15_000  # until the headers of a request are there, the next one of a connection's too
HEADER_BYTES = 128 * 1024
KILL_SECONDS = 10  # a request that has not ended so long after a stop was asked is cut off


def announce(settings: Settings, token: str | None) -> None:
    """Print where the service is, and once, at the very first start, the token."""
    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    lines = [f"Longhaul listens on {address}"]
    if token is not None:
        lines += [
            f"Your token, shown this once and kept in {settings.token_file}: {token}",
            f'Try: curl -H "Authorization: Bearer $(cat {settings.token_file})" {address}/api/v1/jobs',
        ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def check_address(settings: Settings) -> None:
    """Refuse an address that is taken: the server would share it with whoever listens there.

    Raises
    ------
    ConfigurationError
        Another process listens on it, or it is not this machine's.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # connections that linger are no hindrance
            probe.bind(address)
            probe.listen()
    except OSError as error:
        raise ConfigurationError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Stop what runs there, or set LONGHAUL_PORT."
        ) from error


def check_first_token(settings: Settings) -> None:
    """Refuse to be reached from other machines with the token that was printed at the first start.

    Raises
    ------
    ConfigurationError
        It is valid, or would be made now, and the operator has not said that it may be so.
    """
    if settings.allow_first_token or is_loopback(settings):
        return
    if not users.first_token_opens(records_client(), settings):
        return
    where = settings.published or f"{settings.host}:{settings.port}"
    raise ConfigurationError(
        f"{where} can be reached from other machines, and the token of the first start, which is printed and "
        f"kept in {settings.token_file}, would open everything there. Make a token of your own, and revoke "
        "that one:\n"
        "  flask --app api tokens create NAME --role admin\n"
        "  flask --app api tokens revoke --first\n"
        "Or set LONGHAUL_ALLOW_FIRST_TOKEN=true if nobody else has seen it; or LONGHAUL_HOST=127.0.0.1. In a "
        "container whose port is published on this machine alone, set LONGHAUL_PUBLISHED=127.0.0.1:5000."
    )


def is_loopback(settings: Settings) -> bool:
    """Return whether only this machine reaches the API, by the address that is published or listened on."""
    host = settings.host
    if settings.published is not None:
        # address:port, [address]:port, or just a port, which is published on all addresses.
        host = settings.published.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, which may become any address; or none at all
        return False


def _threads(settings: Settings) -> int:
    """Return how many threads there may be: those that only wait sleep, and are made when they are needed."""
    return settings.threads + settings.waits + settings.streams


def allow_many_connections() -> None:
    """Use as many open files as this process may have: each connection is one, and 1,024 a usual limit."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = MOST_OPEN_FILES if most == resource.RLIM_INFINITY else min(most, MOST_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def main() -> int:
    """Serve until the process is stopped; return the exit code."""
    try:
        current = settings()
        logs.configure(current)
        oidc.check(current)
        check_address(current)
        redis_server.wait(current)
        current.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        check_first_token(current)
        token = users.ensure_first_token(records_client(), current)
        archive.restore(records_client())  # only if Redis has lost what it knew
        removal.clear_copies()
        announce(current, token)
    except (ConfigurationError, Unavailable) as error:
        sys.stderr.write(f"longhaul: {error}\n")
        return 1
    allow_many_connections()
    Server(
        "api:create_app",
        factory=True,
        address=current.host,
        port=current.port,
        interface=Interfaces.WSGI,
        blocking_threads=_threads(current),
        backlog=_threads(current),  # that many requests at once, too
        backpressure=MOST_CONNECTIONS,
        http=HTTPModes.http1,  # what HTTP/2 adds is a proxy's to offer; a connection takes 12 kB less
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=HEADER_BYTES),
        workers_kill_timeout=KILL_SECONDS,
        respawn_failed_workers=True,
        websockets=False,
        log_enabled=True,
    ).serve()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
