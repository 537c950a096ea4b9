"""Where a letter's reader can go on: the addresses of her pages, with stand-ins for her personal links.

Templates reach them as ``the.doors``. Where it is not known where the pages are, all of them are empty, and the letter
asks for answers by mail only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from letters.personal import MAY_UNSUBSCRIBE, WITHOUT_LINKS, main_links, stand_in

if TYPE_CHECKING:
    from letters.scene import Scene


@dataclass(frozen=True)
class Door:
    """One link of the letter."""

    purpose: str
    host: str
    """The library it is about, by its name; empty where it is about none."""
    url: str


class Doors:
    """The links of one letter."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._facts = scene, scene.facts

    @cached_property
    def all(self) -> tuple[Door, ...]:
        """What the letter asks its reader to do, or shows her."""
        plan, ref = self._scene.plan, self._scene.reader.ref
        links = main_links(self._facts, ref, plan) if self._facts.portal else ()
        return tuple(
            Door(purpose, self._host(about), self._at(f"l/{stand_in(purpose, number)}"))
            for number, (purpose, about) in enumerate(links)
        )

    def _host(self, about: str) -> str:
        return self._scene.name_of(self._scene.plan.organisation(about.rpartition("/")[2]))

    def _at(self, path: str) -> str:
        """The address; in a copy, that each reader has her own there."""
        if self._scene.is_copy:
            return self._scene.words.gettext("(each reader's own link stands here)")
        return f"{self._facts.portal}/{path}"

    @property
    def main(self) -> str:
        """Where the reader does what the letter asks; empty where there is no such page."""
        return self.all[0].url if self.all else ""

    @property
    def learned(self) -> str:
        """Where she tells with her name what she learned; empty in a letter that does not ask for it."""
        return next((door.url for door in self.all if door.purpose == "learned"), "")

    @property
    def data(self) -> str:
        """Where she sees what is kept of her; none in a copy, and none for staff."""
        mine = self._facts.portal and not self._scene.is_copy and self._scene.reader.ref.startswith("p_")
        mine = mine and self._facts.kind not in WITHOUT_LINKS
        return self._at(f"l/{stand_in('data')}") if mine else ""

    @property
    def optout(self) -> str:
        """Where she ends letters of this kind, where she can do without them."""
        return self._at(f"o/{stand_in('optout')}") if self.data and self._facts.kind in MAY_UNSUBSCRIBE else ""

    @property
    def staff(self) -> str:
        """Where staff see the decision that waits; they sign in there."""
        prompt = self._facts.facts.get("prompt", "")
        return (
            f"{self._facts.portal}/staff/decisions/{self._scene.plan.id}/{prompt}"
            if self._facts.portal and prompt
            else ""
        )
