"""What a letter is made of: the plan, the people, and what differs from letter to letter.

The record gathers these facts inside the transaction in which a letter is ordered; :func:`letters.compose.compose`
makes the letter of them and of nothing else, so that the same facts always make the same bytes.
"""

from __future__ import annotations

from exchange.base import Model, Text
from exchange.mail import Entry, LetterKind
from exchange.plan import CyclePlan, When


class Sender(Model):
    """Who stands in From and in the envelope: the library's own address, of its own domain."""

    name: str
    address: str


class Reader(Model):
    """A person a letter is written to, or who answers for it."""

    ref: str
    """Her reference, e.g. ``p_7f3k``: by it she is recognised among speakers and contacts."""
    name: str
    """As she writes it, e.g. ``Anna Petrova``."""
    address: str
    """One mail address, e.g. ``anna@library.example``; a domain outside ASCII is put into its IDNA form."""
    language: str
    """ISO 639-1 code, e.g. ``fi``."""
    zone: str = ""
    """Her IANA zone, e.g. ``Europe/Helsinki``; empty when it is not known, and then no own time is shown."""


class LetterFacts(Model):
    """All that one letter is made of."""

    plan: CyclePlan
    kind: LetterKind
    step: str = ""
    slot: str = ""
    host: str = ""
    facts: dict[str, str] = {}
    """From the order: ``position``, ``until`` (ISO 8601, UTC), ``prompt``, ``number``, ``was`` and ``was_ends`` (of
    another stay than the letter's own ``was:<step>/<slot>``). A ``copy`` has the kind that is ``copied``, the
    ``language`` it is in and ``as`` whose letter it reads."""
    entries: tuple[Entry, ...] = ()
    reader: Reader
    organiser: Reader
    """The coordinator: Reply-To, the calendar's ORGANIZER, and who signs. Must be an address that is read."""
    names: dict[str, str] = {}
    """Person reference to display name: speakers and the hosts' contacts. Never another participant's, but in
    a ``nomination_request`` those of the reader's own library, who stand in ``facts["people"]``, and in a
    ``place_withdrawn`` the colleague who comes instead, who stands there too. In a ``word`` also
    who wrote it, a reference to staff in ``facts["by"]``."""
    texts: dict[str, Text] = {}
    """Text reference ``n_…`` to its words by language: why a host was chosen, the author's paragraph of a step, the
    subject and text of a ``word``."""
    paragraphs: Text = {}
    """What staff added to this very letter, by language."""
    prompt: dict[str, str] = {}
    """For letters to staff: ``about`` (the prompt's), ``step`` (id or title), ``host`` (an organisation's id),
    ``role``, ``due`` (ISO 8601, UTC), ``command`` (what to type), ``letters`` (how many wait), ``languages`` (codes
    with commas), ``cents``, ``begins`` and ``ends`` (the time that a host asks for, as JSON). A key that is missing is
    left out of the letter."""
    is_copy: bool = False
    """Staff get it as a copy: marked, and without the calendar entries."""
    portal: str = ""
    """Where the reader's pages are, e.g. ``https://exchange.library.example``; empty: she answers by letter only."""
    practice: bool = False
    """Show the banner of a practice run."""

    def last_told(self, entry: Entry) -> tuple[When, When] | None:
        """The stay as it stands in her calendar, where it has moved since and is off before she heard of it."""
        own = (entry.step, entry.slot) == (self.step, self.slot)
        place = "" if own else f":{entry.step}/{entry.slot}"
        if entry.method != "CANCEL" or f"was{place}" not in self.facts:
            return None
        begins, ends = (When.model_validate_json(self.facts[f"{fact}{place}"]) for fact in ("was", "was_ends"))
        return begins, ends
