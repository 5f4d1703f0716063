"""A job is started once, whatever becomes of the answers."""

import httpx2
from longhaul import Client

from tests.client.conftest import IN_PROCESS, new_token


class LosesAnAnswer(httpx2.BaseTransport):
    """Carries requests into the application, and loses its first answer to a POST."""

    def __init__(self, app):
        self._within = httpx2.WSGITransport(app=app)
        self.lost = 0

    def handle_request(self, request):
        answer = self._within.handle_request(request)
        if request.method == "POST" and not self.lost:
            self.lost += 1
            raise httpx2.ReadError("the connection broke")
        return answer


def test_a_job_whose_answer_was_lost_is_started_once(worker, app):
    http = LosesAnAnswer(app)
    with Client(IN_PROCESS, new_token(), http=http) as client:
        job = client.jobs.create("probe", {})

        assert http.lost == 1
        assert [one.id for one in client.jobs.list()] == [job.id]
