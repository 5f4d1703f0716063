"""What the commands of `flask --app api` share."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from jobs.connection import reaching_redis
from jobs.errors import Unavailable


@contextmanager
def redis_needed() -> Iterator[None]:
    """End the command with the reason when Redis does not answer."""
    try:
        with reaching_redis():
            yield
    except Unavailable as error:
        raise click.ClickException(str(error)) from error
