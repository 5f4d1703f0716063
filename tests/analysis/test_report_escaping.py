"""Names and values that are made to break a page: in a report they stay words."""

import csv

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html

from jobs.analysis import report
from jobs.analysis.report import markdown
from jobs.analysis.report.plain import one_line
from jobs.analysis.run import analyse
from tests.analysis.reported import ELEMENTS, RENDERER, page, rendered, words

HOSTILE = "<script>alert(1)</script>"
NAMES = [
    '"></p><img src=x onerror=alert(1)> | a',
    "](javascript:alert(1)) `b` **c** &amp; $x$ <!--",
    "# one\n\n| two\n---",
    "משקל العربية \u202eneerg",
    "n" * 3_000,
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, table_cache):
    """An analysis of a table whose names and values are all made to break a page."""
    folder = tmp_path_factory.mktemp("hostile")
    source = folder / "table.csv"
    with source.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(NAMES)
        values = [HOSTILE, "`|`](x)", "מִשְׁקָל"]
        for row in range(60):
            level = values[row % 3]
            writer.writerow([row % 7 + (row % 3) * 2.5, level, f"[x]({row})", row % 5, f"<b>{row}</b>"])
    found = analyse(
        source,
        folder,
        name="<img src=x>|`.csv",
        cache=table_cache,
        question=f"{HOSTILE} ](x) | `q`\r\n# h",
        method="welch_anova",
        columns={"outcome": NAMES[0], "group": NAMES[1]},
    )
    return folder, found


def test_names_that_are_markup_stay_words_on_a_page(hostile):
    folder, found = hostile

    tree = page(folder)

    assert {element.tag for element in tree.iter()} <= ELEMENTS
    assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]
    assert words(tree.find(".//h1")) == f"{HOSTILE} ](x) | `q` # h"
    assert words(tree.find(".//title")) == f"{HOSTILE} ](x) | `q` # h"
    groups = tree.xpath("//section[@id='numbers']//tbody/tr/th")
    assert [words(cell) for cell in groups][:3] == [one.group for one in found.findings.descriptives]
    assert tree.xpath(f"//*[@title='{NAMES[4]}']")
    assert "\u202e" not in (folder / report.PAGE).read_text(encoding="utf-8")


def test_names_that_are_markup_stay_words_in_markdown(hostile):
    folder, found = hostile
    source = (folder / report.MARKDOWN).read_text(encoding="utf-8")

    tree = rendered(folder)

    inline = [child for token in RENDERER.parse(source) for child in (token.children or [])]
    assert {token.type for token in inline} & {"html_inline", "html_block"} == set()
    assert {address.partition("/")[0] for address in tree.xpath("//a/@href | //img/@src")} == {"plots"}
    assert words(tree.find(".//h1")) == f"{HOSTILE} ](x) | `q` # h"
    assert [words(heading) for heading in tree.iter("h2")] == [words(h) for h in page(folder).iter("h2")]
    cells = {words(cell) for cell in tree.iter("td")}
    assert {one.group for one in found.findings.descriptives} <= cells
    assert len(list(tree.iter("table"))) == len(list(page(folder).iter("table")))


@settings(deadline=None)
@given(st.text(max_size=60))
@example("- - [x](y) <b> 1. a")
@example("1) a_b*c*`d`|e|&copy;~~f~~ $g$")
@example("===")
@example("    four")
@example("a\\")
@example("\ud800 half")
def test_escaped_text_reads_as_it_was(text):
    shown = RENDERER.render(f"{markdown.escaped(text)}\n")

    blocks = [token.type for token in RENDERER.parse(markdown.escaped(text)) if token.nesting == 1]
    assert blocks in ([], ["paragraph_open"])
    told = html.fromstring(shown).text_content() if shown.strip() else ""
    assert "".join(told.split()) == "".join(one_line(text).split())


@settings(deadline=None)
@given(st.text("a`|\\ ", min_size=1, max_size=12))
def test_code_in_a_cell_reads_as_it_was(text):
    table = f"| h |\n| --- |\n| {markdown.coded(text)} |\n"

    cells = [words(cell) for cell in html.fromstring(RENDERER.render(table)).iter("td")]

    assert cells == [" ".join(text.split())]
