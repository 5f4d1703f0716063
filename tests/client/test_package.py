"""The client as a distribution: built, installed into an environment of its own, and free of the service."""

import ast
import subprocess
import sys
import tomllib

from tests.support.processes import ROOT

CLIENT = ROOT / "client"
SOURCES = sorted((CLIENT / "src").rglob("*.py"))
SERVICE = {"api", "jobs", "celery", "flask", "redis", "celeryconfig", "tests", "pydantic"}


def test_the_wheel_brings_the_command_and_the_types(installed):
    ran = subprocess.run(
        [installed / "bin" / "longhaul", "--version"], capture_output=True, text=True, check=True, cwd="/"
    )

    (site,) = installed.glob("lib/python*/site-packages")
    assert ran.stdout.startswith("longhaul, version ")
    assert (site / "longhaul" / "py.typed").is_file()


def test_all_of_the_wheel_is_imported_without_the_service(installed):
    program = (
        "import sys, pkgutil, importlib, longhaul\n"
        "for module in pkgutil.walk_packages(longhaul.__path__, 'longhaul.'):\n"
        "    if not module.name.endswith('__main__'): importlib.import_module(module.name)\n"
        "from longhaul import *\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )

    ran = subprocess.run(
        [installed / "bin" / "python", "-c", program], capture_output=True, text=True, check=True, cwd="/"
    )

    loaded = set(ran.stdout.split())
    assert {"longhaul", "httpx2", "click"} <= loaded
    assert not loaded & (SERVICE | {"pandas", "polars", "numpy"})


def test_it_imports_nothing_but_what_it_declares():
    declared = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]["dependencies"]
    allowed = {name.partition(">")[0] for name in declared} | {"longhaul"} | set(sys.stdlib_module_names)

    found = {name.partition(".")[0] for path in SOURCES for name in imports(ast.parse(path.read_text()))}

    assert found <= allowed


def imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module


def test_what_it_declares_is_locked_for_the_tests():
    declared = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]["dependencies"]
    root = tomllib.loads((ROOT / "pyproject.toml").read_text())

    assert set(declared) <= set(root["dependency-groups"]["dev"])
