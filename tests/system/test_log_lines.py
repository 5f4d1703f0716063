"""What the log lines of a whole service tell: each request's and job's id, and nothing of users."""

import pytest

from tests.support.client import Client
from tests.support.service import Http
from tests.support.wire import own_service

SECRETS = {
    "content": "Zanzibar-content-81",
    "title": "Zanzibar-title-82",
    "file name": "zanzibar-name-83",
    "question": "Zanzibar-question-84",
    "column": "Zanzibar_column_85",
    "query": "zanzibar-query-86",
    "wrong token": "lh_zanzibar-token-87",
    "member": "zanzibar-member-88",
    "path": "zanzibar-path-89",
}
TRACE = "trace-of-a-test-90"
pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """All that a service has written while somebody used it, rightly and wrongly."""
    folder = tmp_path_factory.mktemp("logs") / "tree"
    with own_service(folder) as service:
        made = service.run("flask", "--app", "api", "tokens", "create", "bea")
        token = next(word for word in made.split() if word.startswith("lh_"))
        use(service.port, token)
    written = "".join(path.read_text() for path in folder.glob("*.log"))
    return written, token


def use(port, token):
    http = Http(f"http://127.0.0.1:{port}")
    client = Client(http, token)
    table = f"{SECRETS['column']},b\n{SECRETS['content']},1\nother,2\n".encode() * 3
    session = client.upload((f"{SECRETS['file name']}.csv", table))
    client.headers = client.headers | {"X-Request-ID": TRACE}
    client.run("analysis", session=session, question=SECRETS["question"])
    client.run("indexing", index="library", session=session)
    client.get(f"/api/v1/indexes/library/search?q={SECRETS['query']}")
    client.get(f"/api/v1/indexes/library/search?q=%22{SECRETS['query']}&limit={SECRETS['member']}")
    client.get(f"/api/v1/{SECRETS['path']}")
    client.get(f"/api/v1/jobs/{SECRETS['path']}")
    client.post("/api/v1/jobs/analysis", json={"session": session, SECRETS["member"]: SECRETS["title"]})
    client.put(f"/api/v1/sessions/{session}/files/{SECRETS['file name']}.bin", SECRETS["content"].encode())
    Client(http, SECRETS["wrong token"]).get("/api/v1/jobs")


@pytest.mark.parametrize("what", SECRETS)
def test_no_line_tells_what_users_send(lines, what):
    written, _ = lines

    assert SECRETS[what].lower() not in written.lower()


def test_no_line_tells_a_token(lines):
    written, token = lines

    assert token not in written
    assert written.count("lh_") == 1  # the first one, shown at the first start


def test_the_lines_of_a_job_bear_the_id_of_the_request_that_started_it(lines):
    written, _ = lines
    of_jobs = [line for line in written.splitlines() if TRACE in line and '"job_id"' in line]

    assert any("task succeeded" in line for line in of_jobs)
