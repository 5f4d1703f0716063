"""A corpus of real documents, out of Debian's documentation packages.

Usage: python -m benchmarks.corpus FOLDER [--copies N]

Downloads the packages by `apt-get download` (Debian; run `apt-get update` once before), unpacks them without
installing anything, and lays out below FOLDER/files what people would index: web pages in eight languages,
texts, PDFs, Markdown, TeX, source code. Every fourteenth page is written once more as a document of an office
format, the formats in turn, with other words than the page so that it is no duplicate. Compressed texts are
unpacked. FOLDER/corpus.json lists the packages with their versions, and how many files of each ending there
are. The same versions give the same files.

`--copies N` lays out N folders of the same, each text with a line of its own: a larger corpus.
"""

import argparse
import gzip
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Final

from benchmarks._office import WRITERS
from jobs.indexing.formats import format_named
from jobs.indexing.limits import Limits

PACKAGES: Final = (
    *("apache2-doc", "debian-handbook", "debian-policy", "developers-reference", "git-doc", "gnuplot-doc"),
    *(f"debian-reference-{language}" for language in ("de", "en", "fr", "ja", "zh-cn")),
    *("maxima-doc", "nginx-doc", "postgresql-doc-15", "python3.11-doc", "r-doc-html", "sqlite3-doc"),
    *("texlive-latex-base-doc", "texlive-latex-recommended-doc"),
)
PAGES_AN_OFFICE_FILE: Final = 14
PARAGRAPHS: Final = 60
OTHER_ENDINGS: Final = frozenset({".png", ".svg", ".gif", ".jpg", ".xpm", ".ico", ".js", ".css"})
_WORD: Final = re.compile(r"\w+")


def download(folder: Path) -> list[str]:
    """Download the packages that are not there yet; list all with their versions."""
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name.split("_")[0] for path in folder.glob("*.deb")}
    missing = [name for name in PACKAGES if name not in there]
    if missing:
        subprocess.run(["apt-get", "download", "--quiet", "--quiet", *missing], cwd=folder, check=True)
    return sorted(path.stem for path in folder.glob("*.deb"))


def unpack(packages: Path, folder: Path) -> None:
    """Unpack the packages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in sorted(packages.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", str(package), str(folder)], check=True)


def lay_out(unpacked: Path, folder: Path, *, mark: str = "") -> None:
    """Copy the files below usr/share, but for pictures; unpack compressed ones."""
    shared = unpacked / "usr/share"
    for source in sorted(shared.rglob("*")):
        if source.is_symlink() or not source.is_file() or source.suffix in OTHER_ENDINGS:
            continue
        target, data = folder / source.relative_to(shared), source.read_bytes()
        if target.suffix == ".gz":
            data, target = gzip.decompress(data), target.with_suffix("")
        if mark and target.suffix in (".html", ".txt", ".md"):
            data += f"\n{mark}\n".encode()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def add_office_files(folder: Path) -> None:
    """Write some of the pages once more, in the office formats in turn."""
    pages = sorted(path for path in folder.rglob("*.html") if path.is_file())
    for number, (page, (ending, write)) in enumerate(
        zip(pages[::PAGES_AN_OFFICE_FILE], cycle(WRITERS.items()), strict=False)
    ):
        title, paragraphs = _told(page)
        if paragraphs:
            office = folder / "office" / ending / f"{number:04}-{page.stem[:40]}.{ending}"
            office.parent.mkdir(parents=True, exist_ok=True)
            office.write_bytes(write(f"{title} ({ending})", paragraphs))


def _told(page: Path) -> tuple[str, Sequence[str]]:
    """Take title and paragraphs out of a page, as the index would."""
    found = format_named("html").read(page.read_bytes(), Limits())
    whole = (part.strip() for section in found.sections for part in section.text.split("\n\n"))
    return found.title or page.stem, [" ".join(part.split()) for part in whole if _WORD.search(part)][
        :PARAGRAPHS
    ]


def endings(folder: Path) -> dict[str, int]:
    """Count the files by ending."""
    return dict(Counter(path.suffix.lower() or "(none)" for path in _files(folder)).most_common())


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def build(folder: Path, copies: int = 1) -> Path:
    """Build the corpus, unless it is there; return the folder of its files."""
    files, listing = folder / "files", folder / "corpus.json"
    if listing.exists() and json.loads(listing.read_text())["copies"] == copies:
        return files
    versions = download(folder / "packages")
    shutil.rmtree(files, ignore_errors=True)
    unpacked = folder / "unpacked"
    unpack(folder / "packages", unpacked)
    for copy in range(copies):
        place = files if copies == 1 else files / f"copy-{copy:02}"
        lay_out(unpacked, place, mark=f"Copy number {copy}." if copy else "")
        add_office_files(place)
    shutil.rmtree(unpacked)
    kept = sum(path.stat().st_size for path in _files(files))
    told = {"copies": copies, "packages": versions, "bytes": kept, "files": endings(files)}
    listing.write_text(json.dumps(told, indent=1))
    return files


def main() -> None:
    """Build, and print what there is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=1)
    given = parser.parse_args()
    build(given.folder, given.copies)
    found = json.loads((given.folder / "corpus.json").read_text())
    total = sum(found["files"].values())
    print(f"{total:,} files, {found['bytes'] / 1e6:.0f} MB, {len(found['packages'])} packages")
    print(", ".join(f"{count:,} {ending}" for ending, count in found["files"].items()))


if __name__ == "__main__":
    main()
