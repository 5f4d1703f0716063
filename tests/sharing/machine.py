"""A machine with indexes, beside others that share them."""

import shutil
from contextlib import contextmanager

from jobs.indexing.runs.ledger import account_path
from jobs.indexing.runs.run import index_folder
from jobs.indexing.search.hits import search
from jobs.indexing.sources.order import Order
from jobs.sharing.indexes import SharedIndexes
from jobs.sharing.objects import Objects
from jobs.sharing.runs import SharedRuns

SOURCE = "folder:shelf"
RUN = "run-1"


class Machine:
    """A machine with an index and with a folder of documents that lies elsewhere than on others."""

    def __init__(self, root, address):
        self.shared = SharedIndexes(Objects(address), root)
        self.runs = SharedRuns(Objects(address), root)
        self.indexes = root / "indexes" / "ada"
        self.index = self.indexes / "letters"
        self.shelf = root / "shelf"
        self.shelf.mkdir(parents=True)

    def order(self, run=RUN):
        return Order(root=self.shelf, index=self.index, name="letters", source=SOURCE, run=run)

    @contextmanager
    def writing(self):
        begun_from = self.shared.fetch(self.index)
        yield
        self.shared.publish(self.index, begun_from=begun_from)

    def run(self, run=RUN, **documents):
        """Index the documents of the shelf, which are these besides those that were there."""
        for name, text in documents.items():
            (self.shelf / f"{name}.txt").write_text(text)
        with self.writing():
            result = index_folder(self.order(run))
        self.runs.push_account(self.index, account_path(self.index, run))
        return result

    def finds(self, words):
        self.shared.refresh(self.index)
        return sorted(hit.path for hit in search(self.index, words).hits)


def alike(one, two):
    """Give both machines the same documents, as a mounted folder does."""
    shutil.rmtree(two.shelf)
    shutil.copytree(one.shelf, two.shelf)
