"""The command that searches."""

import sys

import click

from longhaul.cli.common import as_json_option, client
from longhaul.cli.plain import emit, is_drawn_on, safe, say, tell
from longhaul.jupyter import pieces
from longhaul.models import Hit, SearchPage

MODES = ("all", "any", "phrase", "prefix", "fuzzy", "hybrid")
SORTS = ("relevance", "-modified", "modified", "path", "title")
BOLD, NORMAL = "\x1b[1m", "\x1b[0m"


@click.command("search", short_help="Search your indexes.")
@click.argument("words", nargs=-1, required=True)
@click.option("--index", "indexes", multiple=True, metavar="NAME", help="Where; may be repeated. [all]")
@click.option("--mode", type=click.Choice(MODES), help="What a document must have of the words.")
@click.option("--ext", multiple=True, metavar="EXT", help="Only files that end so; may be repeated.")
@click.option("--language", multiple=True, metavar="CODE", help="Only in this language; may be repeated.")
@click.option("--sort", type=click.Choice(SORTS), help="The order.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many.")
@as_json_option
@click.pass_context
def search_command(  # noqa: PLR0913 - click gives each option as an argument
    ctx: click.Context,
    words: tuple[str, ...],
    indexes: tuple[str, ...],
    mode: str | None,
    ext: tuple[str, ...],
    language: tuple[str, ...],
    sort: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Search your indexes for WORDS, "phrases", word*, word~, title:word. Without a word: -- -word."""
    filters = {"mode": mode, "ext": ext, "language": language, "sort": sort, "limit": limit}
    page = client(ctx).search(" ".join(words), indexes, **filters)
    if as_json:
        emit(page.raw)
        return
    for hit in page:
        _say_hit(hit)
    _tell_about(page)


def _say_hit(hit: Hit) -> None:
    where = f", page {hit.page}" if hit.page else ""
    say(f"{safe(hit.index)}  {safe(hit.path)}{where}  {safe(hit.title)}")
    for highlight in hit.highlights:
        say("    " + "".join(_marked(text, marked) for text, marked in pieces(highlight)))


def _marked(text: str, marked: bool) -> str:
    words = safe(" ".join(text.split("\n")))
    return f"{BOLD}{words}{NORMAL}" if marked and is_drawn_on(sys.stdout) else words


def _tell_about(page: SearchPage) -> None:
    tell(f"{page.total} found" + (f", {len(page)} shown" if page.total > len(page) else ""))
    if page.suggestion:
        tell(f"Did you mean: {safe(page.suggestion)}")
    for warning in page.warnings:
        tell(safe(warning))
