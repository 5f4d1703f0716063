"""The report of an analysis: what a reader finds in it, and that nothing in it can harm the reader."""

import base64
import hashlib
import json
from dataclasses import dataclass, replace

import pytest

from jobs.analysis.report import further, markdown
from jobs.analysis.report.build import build
from jobs.analysis.report.view import Pairs, Table
from jobs.analysis.results.interval import Interval
from jobs.analysis.results.result import Findings, Sample
from jobs.analysis.run import analyse
from tests.analysis.hand_made import PENGUINS
from tests.analysis.hand_made_profile import category_column
from tests.analysis.reported import ELEMENTS, page, rendered, words

QUESTION = "Do the three species differ in body mass?"
SECTIONS = [
    "Answer",
    "Tests and effect sizes",
    "Numbers",
    "Assumptions",
    "Caveats",
    "How the question was read",
    "Sample",
    "Data",
    "Columns",
    "How to reproduce this",
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory, table_cache):
    folder = tmp_path_factory.mktemp("project")
    return folder, analyse(PENGUINS, folder, name="penguins.csv", cache=table_cache, question=QUESTION)


def test_a_report_goes_from_the_answer_to_how_to_reproduce_it(asked):
    folder, _ = asked

    of_page = [words(heading) for heading in page(folder).iter("h2")]
    of_markdown = [words(heading) for heading in rendered(folder).iter("h2")]

    assert [title for title in of_page if title in SECTIONS] == SECTIONS
    assert of_markdown == of_page


@pytest.mark.parametrize("read", [page, rendered])
def test_a_report_says_the_question_the_headline_and_the_apa_line(read, asked):
    folder, found = asked

    told = words(read(folder))

    assert [words(heading) for heading in read(folder).iter("h1")] == [QUESTION]
    for text in (found.interpretation.headline, found.interpretation.apa):
        assert " ".join(text.split()) in told
    assert found.dataset.sha256 in told


def test_a_page_fetches_nothing_and_runs_nothing(asked):
    tree = page(asked[0])

    addresses = [
        value for one in tree.iter() for name, value in one.attrib.items() if name in ("src", "href")
    ]

    assert {element.tag for element in tree.iter()} <= ELEMENTS
    assert all(value.startswith(("data:image/", "#")) for value in addresses)
    assert not [
        name for one in tree.iter() for name in one.attrib if name.startswith("on") or name == "style"
    ]


def test_the_policy_of_a_page_allows_its_own_style_alone(asked):
    tree = page(asked[0])

    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]

    digest = base64.b64encode(hashlib.sha256(tree.find(".//style").text.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_a_page_can_be_heard_as_well_as_seen(asked):
    tree = page(asked[0])
    ids = tree.xpath("//@id")

    assert tree.get("lang") == "en"
    assert len(ids) == len(set(ids))
    assert set(tree.xpath("//@aria-labelledby")) <= set(ids)
    assert {address.removeprefix("#") for address in tree.xpath("//a/@href")} <= set(ids)
    assert all(words(table.find("caption")) for table in tree.iter("table"))
    assert all(cell.get("scope") in ("row", "col") for cell in tree.iter("th"))
    assert all(len(image.get("alt")) > 20 for image in tree.iter("img"))


def test_every_figure_is_in_the_page_in_its_smaller_sharp_form(asked):
    folder, found = asked

    pictures = page(folder).xpath("//img/@src")

    assert len(pictures) == len(found.plots)
    for picture, plot in zip(pictures, found.plots, strict=True):
        sharp = [(folder / plot.files[ending]).read_bytes() for ending in ("svg", "png")]
        assert base64.b64decode(picture.partition(",")[2]) == min(sharp, key=len)


def test_the_figures_of_the_markdown_are_files_beside_it(asked):
    folder, found = asked

    linked = [image.get("src") for image in rendered(folder).iter("img")]

    assert linked == [plot.files["svg"] for plot in found.plots]
    assert all((folder / link).is_file() for link in linked)


def test_numbers_are_rounded_for_the_eye_and_kept_in_full(asked):
    folder, found = asked
    test = found.findings.tests[0]

    exact = {cell.get("data-exact"): words(cell) for cell in page(folder).xpath("//*[@data-exact]")}

    assert exact[repr(test.statistic)] == "F(2, 189.48) = 317.57"
    assert exact[repr(test.pvalue)] == "< .001"
    for one in found.findings.descriptives:
        assert exact[repr(one.mean)] == f"{one.mean:,.0f}".replace(",", " ")
        assert float(json.loads(next(e for e in exact if repr(one.mean_interval.low) in e))[0]) < one.mean


def test_rows_left_out_are_told_with_the_reason(asked):
    section = page(asked[0]).get_element_by_id("sample")

    assert words(section).startswith("Sample 342 of 344 rows were used.")
    assert [words(cell) for cell in section.xpath(".//tbody/tr/*")] == ["missing body_mass_g", "2"]


def test_a_script_that_is_not_verified_is_told_with_the_reason(asked):
    _, found = asked
    doubted = replace(found, script=replace(found.script, verified=False, reason="2 numbers differ: n of a"))

    told = markdown.render(build(doubted))

    assert "is not verified: 2 numbers differ: n of a" in told
    assert "its numbers agree" in markdown.render(build(found))


def test_a_question_that_was_asked_back_shows_readings_that_can_be_sent(project, tmp_path, table_cache):
    about = {"name": "penguins.csv", "cache": table_cache}
    analyse(PENGUINS, project, question="is bill related to body mass?", **about)
    chosen = page(project).get_element_by_id("choose")

    sent = [json.loads(code.text) for code in chosen.iter("code")]
    (tmp_path / "again").mkdir()
    again = analyse(
        PENGUINS, tmp_path / "again", method=sent[1]["method"], columns=sent[1]["columns"], **about
    )

    assert "please choose a reading" in words(page(project).get_element_by_id("answer"))
    assert again.plan.columns == {"x": "bill_depth_mm", "y": "body_mass_g"}
    assert not page(project).xpath("//section[@id='tests']")
    assert len(page(project).xpath("//section[@id='columns']//tbody/tr")) == 8


def test_of_very_many_columns_a_report_shows_the_first_and_says_so(asked):
    _, found = asked
    many = tuple(category_column(f"column {place}", {"a": 3}) for place in range(2_000))

    sections = {section.id: section for section in build(replace(found, profile=many)).sections}

    tables = [block for block in sections["columns"].blocks if isinstance(block, Table)]
    assert [len(table.rows) for table in tables] == [100]
    assert tables[0].notes == ("1\u202f900 more rows in results.json.",)


@dataclass(frozen=True)
class _Part:
    row: int
    value: float
    interval: Interval


@dataclass(frozen=True)
class _Scan:
    column: str
    parts: tuple[_Part, ...]


@dataclass(frozen=True)
class _MoreFindings(Findings):
    scan: _Scan | None = None


def test_findings_without_a_table_of_their_own_are_shown_too():
    parts = (_Part(3, 1234.5678, Interval(1.0, 2.0)),)

    pairs, table = further.tables(_MoreFindings(Sample(5, 5), scan=_Scan("weight", parts)))

    assert isinstance(pairs, Pairs)
    assert isinstance(table, Table)
    assert [(name, cell.text) for name, cell in pairs.items] == [("Column", "weight")]
    assert [cell.text for cell in table.rows[0]] == ["3", "1\u202f234.57", "[1.00, 2.00]"]
    assert further.tables(_MoreFindings(Sample(5, 5))) == []


@pytest.mark.parametrize(
    ("method", "columns", "captions", "told"),
    [
        ("outliers", {}, ["Values far out", "Ozone: the values farthest out"], "117 168 beyond 5.26"),
        ("missing_values", {}, ["What is missing", "Patterns", "With what gaps go"], "37 (24 %)"),
        ("normality", {"outcome": "Wind"}, ["Wind in numbers"], "skewness 0.3"),
        (  # R 4.2: coef(lm(Ozone ~ Wind + Temp, airquality))
            "linear_regression",
            {"outcome": "Ozone", "predictor_1": "Wind", "predictor_2": "Temp"},
            ["Coefficients", "Predictors by importance", "How well the model fits"],
            "Temp 1.84",
        ),
        (
            "correlation_matrix",
            {f"column_{i}": c for i, c in enumerate(("Ozone", "Wind", "Temp"), 1)},
            ["Pearson correlations", "Pairs, the closest first"],
            "2. Ozone -.60*",
        ),
    ],
)
def test_each_kind_of_finding_has_its_tables(method, columns, captions, told, project, table_cache):
    source = PENGUINS.parents[1] / "tests/data/tables/airquality.csv"

    analyse(source, project, name="airquality.csv", cache=table_cache, method=method, columns=columns)

    numbers = page(project).get_element_by_id("numbers")
    rows = [" ".join(words(cell) for cell in row) for row in numbers.iter("tr")]
    assert set(captions) <= {words(caption) for caption in numbers.iter("caption")}
    assert any(told in row for row in rows), rows
