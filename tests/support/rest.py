"""Jobs as a poller of the HTTP API sees them, held against what Celery says of them."""

from types import SimpleNamespace

from tests.support.waiting import until


class Rest:
    """Reads any job over HTTP, with an admin's token."""

    def __init__(self, client, app):
        self._client = client
        self._celery = app

    def read(self, job_id):
        """Return a job; its members are attributes."""
        answer = self._client.get(f"/api/v1/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        return SimpleNamespace(**answer.json)

    def post(self, path, **more):
        return self._client.post(f"/api/v1/jobs/{path}", **more)

    def get(self, path):
        return self._client.get(f"/api/v1/jobs/{path}")

    def delete(self, job_id):
        return self._client.http.delete(f"/api/v1/jobs/{job_id}", headers=self._client.headers)

    def ended(self, job_id, seconds=60):
        """Return a job once it has ended, of which Celery says the same."""
        job = until(lambda: (now := self.read(job_id)).done and now, seconds=seconds, what=f"{job_id} ends")
        assert self._celery.AsyncResult(job_id).state == job.state
        return job

    def running(self, job_id, least_percent=1, seconds=30):
        """Return a job once it is seen to run."""

        def look():
            job = self.read(job_id)
            return job if job.status == "running" and job.progress >= least_percent else None

        return until(look, seconds=seconds, what=f"{job_id} runs")

    def looks(self, job_id, seconds=90):
        """Return the different looks of a job until it has ended."""
        seen = []

        def ended():
            now = self.read(job_id)
            if not seen or seen[-1] != now:
                seen.append(now)
            return now.done

        until(ended, seconds=seconds, what=f"{job_id} ends")
        return seen
