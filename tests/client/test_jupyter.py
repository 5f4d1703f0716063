"""How things look in a notebook: nothing that a user wrote acts there."""

import html
import sys
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from longhaul import jupyter
from longhaul.models import job_state, search_page
from longhaul.outcome import Answer, Figure, Report, Table

EVIL = "<script>alert('x')</script>\"' onload='y"


class Tags(HTMLParser):
    """The tags and attributes of a piece of HTML, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.text = set(), {}, ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.setdefault(tag, []).append(dict(attrs))

    def handle_data(self, data):
        self.text += data


JOB = {
    "id": EVIL,
    "kind": EVIL,
    "status": EVIL,
    "done": False,
    "progress": 41.5,
    "message": EVIL,
    "current_file": EVIL,
    "error": {"detail": EVIL},
}
HIT = {"id": "1", "index": "i", "path": EVIL, "title": EVIL, "score": None, "page": 3}
SEARCH = {
    "items": [HIT | {"highlights": ["a <mark>b &amp; c</mark> <img src=x onerror=y>"]}],
    "total": 1,
    "facets": {},
}


def fetched(kind):
    return b"\x89PNG"


SHOWN = {
    "job": jupyter.job_html(job_state(JOB)),
    "answer": Answer(EVIL, EVIL, (EVIL,), (EVIL,), None, False)._repr_html_(),
    "table": Table((EVIL,), ({EVIL: EVIL},))._repr_html_(),
    "figure": Figure("f", EVIL, EVIL, ("png",), fetched, lambda kind, to: to)._repr_html_(),
    "report": Report(EVIL, EVIL)._repr_html_(),
    "search": search_page(EVIL, SEARCH)._repr_html_(),
}


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN)
def test_no_markup_of_a_users_text_survives(shown):
    found = Tags(shown)

    assert not found.tags & {"script", "object", "link"}
    assert all(
        "onload" not in one and "onerror" not in one for each in found.attributes.values() for one in each
    )


def test_a_job_shows_a_bar_as_wide_as_its_progress():
    found = Tags(SHOWN["job"])

    bar = next(one for one in found.attributes["div"] if one.get("role") == "progressbar")
    assert bar["aria-valuenow"] == "42"
    assert "width:41.5%" in SHOWN["job"]


def test_a_notebook_shows_progress_in_one_place(monkeypatch):
    places = []

    class Place:
        """A place in a notebook, as `IPython.display.display` gives it."""

        def __init__(self, shown):
            self.looks = [shown._repr_html_()]

        def update(self, shown):
            self.looks.append(shown._repr_html_())

    def display(shown, *, display_id):
        places.append(Place(shown))
        return places[-1]

    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))
    show = jupyter.live()

    for progress in (10.0, 60.0):
        show(job_state(JOB | {"progress": progress}))

    ((first, second),) = [place.looks for place in places]
    assert ("width:10.0%" in first, "width:60.0%" in second) == (True, True)


def test_a_figure_holds_its_image_and_says_what_it_shows():
    (image,) = Tags(SHOWN["figure"]).attributes["img"]

    assert image["src"] == "data:image/png;base64,iVBORw=="
    assert image["alt"] == EVIL


def test_a_report_is_in_a_frame_that_may_do_nothing():
    (frame,) = Tags(SHOWN["report"]).attributes["iframe"]

    assert frame["sandbox"] in (None, "")
    assert frame["srcdoc"] == EVIL


def test_found_words_are_marked_and_other_markup_is_text():
    found = Tags(SHOWN["search"])

    assert "mark" in found.tags
    assert "img" not in found.tags
    assert "b & c" in found.text
    assert html.escape("<img src=x onerror=y>") in SHOWN["search"]


def test_a_real_analysis_shows_itself(penguins):
    _, job = penguins

    assert "Gentoo" in job.answer._repr_html_()
    assert "completed" in job._repr_html_()
    assert job.figures._repr_html_().count("<img") == len(job.figures)
    assert "<th scope='col'>mean_low</th>" in job.table._repr_html_()
