"""Copy the tree, which may change meanwhile, and try mutants there; docs/mutation-testing.md tells how."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("api", "jobs", "tests", "examples", "benchmarks", "docs")
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def main() -> int:
    """Work in a folder that goes at the end, with all that tests leave in it."""
    with tempfile.TemporaryDirectory(prefix="longhaul-mutants-") as made:
        tree, temporary = Path(made) / "tree", Path(made) / "tmp"
        temporary.mkdir()
        for name in COPIED:
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "var"))
        for name in ("pyproject.toml", "celeryconfig.py", "README.md"):
            shutil.copy(ROOT / name, tree / name)
        program = [sys.executable, "-m", "tests.mutation.sampled", *sys.argv[1:]]
        environment = os.environ | ALONE | {"TMPDIR": str(temporary)}
        return subprocess.run(program, cwd=tree, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
