"""Reports read back: as a browser and as a reader of Markdown take them."""

from lxml import html
from markdown_it import MarkdownIt

from jobs.analysis import report

ELEMENTS = {  # of which a page is made, whatever stands in the table
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "nav",
        "main",
        "section",
        "a",
        "p",
        "h1",
        "h2",
    ),
    *("ul", "li", "dl", "dt", "dd", "div", "figure", "img", "figcaption", "span", "code"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
RENDERER = MarkdownIt("commonmark").enable("table")


def page(folder):
    return html.fromstring((folder / report.PAGE).read_bytes())


def rendered(folder):
    return html.fromstring(RENDERER.render((folder / report.MARKDOWN).read_text(encoding="utf-8")))


def words(element):
    return " ".join(element.text_content().split())
