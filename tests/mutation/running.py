"""Running tests in a forked child that knows one mutant; the tree of files is never changed."""

import ast
import importlib
import importlib.abc
import importlib.util
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

# Imported once, before forking; polars may be imported there, not used.
PRELOADED = (
    "pytest",
    "hypothesis",
    "numpy",
    "scipy.stats",
    "scipy.optimize",
    "scipy.interpolate",
    "polars",
    "pydantic_settings",
    "redis",
    "celery",
    "orjson",
    "jinja2",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
)
LEAST_SECONDS = 15.0  # that a mutant gets, beside five times what its tests take


@dataclass(frozen=True)
class Exercise:
    """A test that passes: how long it takes, and the lines it runs of each watched file."""

    test: str
    seconds: float
    lines: Mapping[str, frozenset[int]]


class Trace:
    """A plugin that writes down which lines of watched files each passing test runs."""

    def __init__(self, watched: frozenset[str]) -> None:
        self.watched = watched
        self.found: list[dict[str, object]] = []
        self._lines: dict[str, set[int]] = {}
        self._passed = False
        self._began = 0.0

    def _local(self, frame: FrameType, event: str, _: object) -> Any:
        self._lines.setdefault(frame.f_code.co_filename, set()).add(frame.f_lineno)
        return self._local

    def _called(self, frame: FrameType, event: str, _: object) -> Any:
        return self._local(frame, event, None) if frame.f_code.co_filename in self.watched else None

    def pytest_runtest_setup(self, item: Any) -> None:
        """Watch from here on."""
        self._lines, self._passed, self._began = {}, False, time.process_time()
        sys.settrace(self._called)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep what the test ran, if it passed."""
        if report.when == "call":
            sys.settrace(None)
            self._passed = report.outcome == "passed"
        if report.when == "teardown" and self._passed:
            lines = {name: sorted(kept) for name, kept in self._lines.items()}
            seconds = time.process_time() - self._began
            self.found.append({"test": report.nodeid, "seconds": seconds, "lines": lines})


class Chosen:
    """A plugin that keeps the chosen tests, in the order given."""

    def __init__(self, tests: Iterable[str]) -> None:
        self.order = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out all others."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.order), key=lambda item: self.order[item.nodeid]
        )


class Loader(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module from compiled code instead of from its file."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self.name, self.path, self.code = name, path, code

    def find_spec(self, fullname: str, path: object, target: object = None) -> Any:
        """Answer for the one module."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def create_module(self, spec: object) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the mutant."""
        exec(self.code, module.__dict__)  # noqa: S102 - our own source, with one node changed


def preload() -> None:
    """Import what every child needs and no mutant changes."""
    for name in PRELOADED:
        importlib.import_module(name)


def _pytest(arguments: Iterable[str], plugin: object) -> int:
    import pytest

    fixed = ["-q", "-x", "-p", "no:cacheprovider", "-p", "pytest_timeout", "--no-header", "-m", "not slow"]
    return int(pytest.main([*fixed, *arguments], plugins=[plugin]))


def _forked(work: Callable[[], int], log: Path) -> int:
    """Start `work` in a child with a session of its own; return its process id."""
    pid = os.fork()
    if pid:
        return pid
    code = 3
    try:
        os.setsid()
        with log.open("w", encoding="utf-8") as stream:
            os.dup2(stream.fileno(), 1)
            os.dup2(stream.fileno(), 2)
        code = work()
    except BaseException:  # noqa: BLE001 - whatever ends a child is told in its log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def trace(files: Iterable[str], watched: frozenset[str], folder: Path) -> list[Exercise]:
    """Run tests once as they are; return those that pass with the lines they run."""
    kept = folder / "exercises.json"

    def work() -> int:
        plugin = Trace(watched)
        code = _pytest([*files, "--maxfail=1000"], plugin)
        kept.write_text(json.dumps(plugin.found), encoding="utf-8")
        return code

    os.waitpid(_forked(work, log := folder / "trace.log"), 0)
    if not kept.exists() or kept.read_text(encoding="utf-8") == "[]":
        raise SystemExit(f"The tests could not be traced:\n{log.read_text(encoding='utf-8')}")
    return [
        Exercise(
            one["test"], one["seconds"], {name: frozenset(lines) for name, lines in one["lines"].items()}
        )
        for one in json.loads(kept.read_text(encoding="utf-8"))
    ]


@dataclass
class Child:
    """A child at work on a mutant."""

    pid: int
    began: float
    limit: float

    def outcome(self) -> str | None:
        """Return "survived", "killed" or "timeout"; None while the child is at work within its limit."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        if time.monotonic() - self.began < self.limit:
            return None
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return "timeout"


def start(name: str, path: Path, tree: ast.Module, chosen: list[Exercise], log: Path) -> Child:
    """Start the chosen tests, in their order, where module `name` is `tree`."""
    tests = [one.test for one in chosen]
    code = compile(tree, str(path), "exec")

    def work() -> int:
        sys.meta_path.insert(0, Loader(name, path, code))
        return _pytest(sorted({test.partition("::")[0] for test in tests}), Chosen(tests))

    limit = LEAST_SECONDS + 5.0 * sum(one.seconds for one in chosen)
    return Child(_forked(work, log), time.monotonic(), limit)
