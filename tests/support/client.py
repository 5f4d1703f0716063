"""A user of the HTTP API, as the tests play one."""

import io
from pathlib import Path

from tests.support.waiting import until

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


class Client:
    """Requests with a user's token, and the few steps that most tests share."""

    def __init__(self, http, token):
        self.http = http
        self.token = token
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path, **more):
        headers = self.headers | more.pop("headers", {})
        return self.http.get(path, headers=headers, buffered=True, **more)

    def post(self, path, **more):
        return self.http.post(path, headers=self.headers, **more)

    def put(self, path, data):
        return self.http.put(path, headers=self.headers, data=data)

    def upload(self, *files):
        """Make a session of (name, bytes) or paths; return its id."""
        parts = [(item.name, item.read_bytes()) if isinstance(item, Path) else item for item in files]
        data = {"file": [(io.BytesIO(content), name) for name, content in parts]}
        answer = self.post("/api/v1/sessions", data=data)
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    def submit(self, kind, **params):
        """Start a job; return its address."""
        answer = self.post(f"/api/v1/jobs/{kind}", json=params)
        assert answer.status_code == 202, answer.text
        return answer.headers["Location"]

    def wait_for(self, address, seconds=60):
        """Return the job at `address` once it has ended."""

        def ended():
            job = self.get(address).json
            return job if job["done"] else None

        return until(ended, seconds=seconds, what=f"{address} ends")

    def run(self, kind, **params):
        """Start a job and return it once it has ended."""
        return self.wait_for(self.submit(kind, **params))
