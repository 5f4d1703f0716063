"""What users are told of errors names nothing of the machine."""

import pytest

from jobs.errors import BadInput, Unavailable
from jobs.indexing.durable import write_durably
from jobs.indexing.wording import reason


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FileNotFoundError(2, "No such file or directory", "/srv/secret/a.txt"), "No such file or directory"),
        (OSError("/srv/secret"), "OSError"),
        (ValueError('DoesNotExist("/srv/secret/index")'), 'DoesNotExist("…")'),
        (ValueError("at /srv/secret, 3/4 of and/or"), "at …, 3/4 of and/or"),
    ],
)
def test_a_reason_has_no_path_of_the_machine(error, told):
    assert reason(error) == told


def test_a_disk_that_takes_nothing_is_not_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way of a folder")

    with pytest.raises(Unavailable) as caught:
        write_durably(blocked / "x" / "y", b"")

    assert str(tmp_path) not in str(caught.value)


def test_a_folder_that_is_gone_is_named_by_its_source(desk):
    desk.root.rmdir()

    with pytest.raises(BadInput) as caught:
        desk.run()

    assert str(caught.value).startswith("folder:documents: the folder cannot be listed")
    assert str(desk.root) not in str(caught.value)
