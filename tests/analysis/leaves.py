"""Everything that stands in a result, however deep."""

import dataclasses
from collections.abc import Iterator, Mapping


def leaves(value: object) -> Iterator[object]:
    """Yield what stands in a dataclass, a mapping or a sequence and is none itself."""
    if dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from leaves(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from leaves(each)
    else:
        yield value
