"""Paths to be shown, each of one file: two may read the same once what cannot be shown is spelt out."""

import os


class Names:
    """Gives each file of a place a path of its own, in the order in which they come.

    The second of a path is `a~2.txt`, the third `a~3.txt`. Counted for each path, so that ten thousand files
    whose names read the same cost ten thousand steps, and no path grows.
    """

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def take(self, path: str) -> str:
        """Give a path that no other file has, the wanted one if it is free."""
        number = self._next.setdefault(path, 1)
        if number == 1:
            self._next[path] = 2
            return path
        stem, suffix = os.path.splitext(path)  # noqa: PTH122 - a path to be shown, not one to be opened
        while (free := f"{stem}~{number}{suffix}") in self._next:
            number += 1
        self._next[path] = number + 1
        self._next[free] = 2
        return free
