"""How work notes what it has in hand, so that an item that kills its worker is known the next time."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol

KILLER: Final = 2  # deaths with an item alone in hand: one may have had another reason


class Journal(Protocol):
    """Outlives the process that writes it. Items are named as the user knows them."""

    def deaths(self) -> Mapping[str, int]:
        """Return how often an attempt died with nothing but an item in hand, of the items in doubt.

        An item that was in hand with others when an attempt died is a suspect with no death yet. Suspects are
        to be taken one at a time, and one with `KILLER` deaths is to be left alone.
        """

    def hold(self, items: Sequence[str], /) -> None:
        """Note what is in hand from now on, in place of what was."""


class Forgetful:
    """Notes nothing: the default of every domain function."""

    def deaths(self) -> Mapping[str, int]:
        """Return no deaths."""
        return MappingProxyType({})

    def hold(self, items: Sequence[str], /) -> None:
        """Take no note."""


forgetful: Final = Forgetful()
