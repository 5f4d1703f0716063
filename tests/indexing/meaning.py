"""What tests of searches by meaning ask, and where they look."""

from jobs.embeddings import Endpoint
from jobs.indexing.search.hits import Wanted, search
from jobs.indexing.vectors.layout import reading

LIBRARY = {
    "kitchen/loaves.txt": "How a loaf is stored so that sourdough does not become dry.",
    "sea/engine.txt": "The diesel of our vessel: what to do when it stops.",
    "sea/log.txt": "Albatross and petrel at noon.",
    "office/terms.txt": "Your salary is on its way in the last week of each month.",
}


def asking(endpoint, name="concepts", **options):
    return Endpoint(f"{endpoint.url}/embeddings", name, **options)


def found(index, query, embedder, **wanted):
    return search(index, query, Wanted(embedder=embedder, **wanted))


def paths(result):
    return [hit.path for hit in result.hits]


def passages_with_vectors(index):
    with reading(index) as database:
        return database.execute("select count(*) from passages").fetchone()[0]
