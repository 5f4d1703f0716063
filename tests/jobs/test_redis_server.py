import subprocess
import sys

import pytest

from jobs.errors import ConfigurationError
from jobs.redis_server import EmbeddedServer, lock, private_folder
from jobs.settings import settings


def test_a_second_server_on_the_same_folder_is_refused(redis_server):
    with pytest.raises(ConfigurationError, match="runs already"), EmbeddedServer(settings()):
        pass


def test_the_lock_is_free_once_its_holder_is_gone(tmp_path):
    lock(tmp_path).close()

    lock(tmp_path).close()


def test_nobody_else_can_enter_the_servers_folder(tmp_path):
    folder = private_folder(tmp_path / "redis")

    assert folder.stat().st_mode & 0o077 == 0


def test_waiting_for_a_server_that_is_not_there_ends_with_a_reason():
    program = (
        "import sys; from jobs import redis_server; redis_server.START_SECONDS = 0.2; "
        "from jobs.settings import settings; redis_server.wait(settings(), 0.2)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={"REDIS_URL": "redis://user:S3CRET@127.0.0.1:1", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "No Redis answers at 127.0.0.1:1" in ended.stderr
    assert "S3CRET" not in ended.stderr
