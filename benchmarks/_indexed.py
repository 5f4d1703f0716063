"""One indexing run, to be measured: `python -m benchmarks._indexed FILES INDEX PROCESSES`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from jobs.indexing.runs.run import index_folder
from jobs.indexing.sources.order import Order


def main() -> None:
    """Index, and print what became of the files."""
    files, index, processes = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    found = index_folder(Order(files, index, index.name, "bench", "bench"), processes=processes)
    print(json.dumps(asdict(found) | {"problems": len(found.problems)}))


if __name__ == "__main__":
    main()
