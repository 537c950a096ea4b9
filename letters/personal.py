"""Personal links in letters: which link stands in which letter, and how it comes into the bytes as the letter leaves.

A letter is written, approved and kept with stand-ins: 24 characters that say what the link is for and open nothing.
As it leaves, each is replaced by as many characters of the real link, so that all else is, byte for byte, what was
approved; and neither the record nor a backup nor a copy for staff holds a link that works.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Protocol

from exchange.plan import CyclePlan, Invitations, Seminar
from letters.catalogues import SOURCE, catalogue, language_for

About = tuple[str, str]
"""What a link is for, and what of the cycle it is about."""

LENGTH = 24

MAY_UNSUBSCRIBE = {
    "invitation": "invitation", "invitation_reminder": "invitation",
    "nomination_invitation": "nomination", "nomination_reminder": "nomination",
    "survey": "survey", "survey_reminder": "survey", "word": "word",
}  # fmt: skip
"""The kinds that one can do without, and which of them one ends together."""


def ended_by(about: str) -> tuple[str, ...]:
    """The kinds of letters that end with the link that an opt-out is about, e.g. invitations and their reminders."""
    return tuple(kind for kind, family in MAY_UNSUBSCRIBE.items() if family == about)


OF_A_PLACE = frozenset({
    "application_received", "place_confirmed", "place_waiting", "place_offered", "seminar_programme", "seminar_changed",
    "programme_changed", "deadline_extended", "visit_booked", "still_coming", "still_coming_reminder",
    "visit_cancelled", "offer_expired", "place_withdrawn",
})  # fmt: skip
"""The kinds whose readers wait for a place or have one, speakers apart."""

WITHOUT_LINKS = frozenset({"address_changed"})
"""The kinds that carry no link, not even to one's data: they go to an address that is, perhaps, hers no more."""

OF_A_HOST = frozenset({"host_request", "host_reminder", "host_confirmed", "host_changed", "host_date_kept"})


class Ordered(Protocol):
    """What of a letter its links depend on."""

    @property
    def kind(self) -> str: ...
    @property
    def step(self) -> str: ...
    @property
    def slot(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def facts(self) -> dict[str, str]: ...


def main_links(letter: Ordered, ref: str, plan: CyclePlan) -> tuple[About, ...]:
    """What the letter asks its reader to do, or shows her; nothing for staff, who sign in."""
    if not ref.startswith("p_"):
        return ()
    if letter.kind in {"new_link", "answer_accepted", "answer_refused"}:
        return tuple(written(pair) for pair in letter.facts.get("links", "").split())
    if letter.kind in {"survey", "survey_reminder"}:  # the page with her name says nothing of the one without it
        return ("feedback", letter.step), ("learned", "")
    found = _of_places(letter, ref, plan) or _of_the_rest(letter)
    return (found,) if found is not None else ()


def _of_places(letter: Ordered, ref: str, plan: CyclePlan) -> About | None:
    """The links of those who are invited, wait for a place or have one."""
    step = next((s for s in plan.steps if s.id == letter.step), None)
    if letter.kind in {"invitation", "invitation_reminder"} and isinstance(step, Invitations):
        return "invitation", step.registration
    if letter.kind in {"nomination_invitation", "nomination_reminder"} and isinstance(step, Invitations):
        return "nominate", f"{step.registration}/{letter.host}"
    if letter.kind == "nomination_moved":
        return "nominate", f"{letter.step}/{letter.host}"
    if letter.kind == "deadline_moved" or (letter.kind == "deadline_extended" and "asked" in letter.facts):
        return "invitation", letter.step
    speaks = isinstance(step, Seminar) and any(session.speaker == ref for session in step.sessions)
    return ("place", "") if letter.kind in OF_A_PLACE and not speaks else None


def _of_the_rest(letter: Ordered) -> About | None:
    match letter.kind:
        case "erasure_asked":
            return "data", "erase"
        case "nomination_request":
            return "nominate", f"{letter.step}/{letter.facts.get('home', '')}"
        case "host_thanks":
            return "host_feedback", f"{letter.step}/{letter.slot}/{letter.host}"
        case kind if kind in OF_A_HOST:
            return "host", f"{letter.step}/{letter.slot}/{letter.host}"
        case _:
            return None


def written(pair: str) -> About:
    """A link as a letter's facts hold it, e.g. ``host=visits/first/helsinki``."""
    purpose, _, about = pair.partition("=")
    return purpose, about


def stand_ins(letter: Ordered, ref: str, plan: CyclePlan) -> dict[str, About]:
    """Every link that the letter may carry, by what stands in its place until it leaves."""
    if not ref.startswith("p_") or letter.kind in WITHOUT_LINKS:
        return {}
    found = {stand_in(about[0], number): about for number, about in enumerate(main_links(letter, ref, plan))}
    found.setdefault(stand_in("data"), ("data", ""))  # the letter about erasing has one of its own
    if letter.kind in MAY_UNSUBSCRIBE:
        found[stand_in("optout")] = ("optout", MAY_UNSUBSCRIBE[letter.kind])
    return found


def stand_in(purpose: str, number: int = 0) -> str:
    """What stands in a link's place, e.g. ``LINK-place-0------------``."""
    return f"LINK-{purpose}-{number}".ljust(LENGTH, "-")


# -- in the bytes of a letter ------------------------------------------------------------------------------------------

_SOFT = b"(?:=\r\n)?"
"""Where quoted-printable breaks a line that is none."""
_IN_TEXT = re.compile(_SOFT.join([b"L", b"I", b"N", b"K", b"-", *[b"[a-z0-9_-]"] * (LENGTH - 5)]))
_BASE64 = b"Content-Transfer-Encoding: base64\r\n\r\n"
_SHOWN = re.compile(r"(?:https?://\S*?/[lo]/)?LINK-[a-z0-9_-]{19}")


def stamped(message: bytes, tokens: Mapping[str, str]) -> bytes:
    """The letter with links that work: the same bytes but for the stand-ins that are named.

    Args:
        message: a letter that :func:`letters.mime.build` made.
        tokens: stand-in to what replaces it, of the same length.
    """

    def fill(found: re.Match[bytes]) -> bytes:
        token = tokens.get(_plain(found[0]))
        return found[0] if token is None else _laid_into(found[0], token.encode("ascii"))

    return _each(message, fill)


def found_in(message: bytes) -> frozenset[str]:
    """The stand-ins in a letter."""
    found: set[str] = set()

    def note(one: re.Match[bytes]) -> bytes:
        found.add(_plain(one[0]))
        return one[0]

    _each(message, note)
    return frozenset(found)


def shown(words: str, language: str = SOURCE) -> str:
    """A letter's words for whoever looks over it: instead of each stand-in, that a link will stand there.

    Args:
        words: the letter's.
        language: theirs; English where there is no catalogue of it.
    """
    found = catalogue(language_for(language)).gettext("(the reader's own link)")
    return _SHOWN.sub(lambda _: found, words)


def _each(message: bytes, change: Callable[[re.Match[bytes]], bytes]) -> bytes:
    """Has every stand-in changed, in headers and in parts of either encoding."""
    plain, *rest = _IN_TEXT.sub(change, message).split(_BASE64)
    parts = [plain]
    for part in rest:
        body, end, others = part.partition(b"\r\n--")
        parts.append(_in_base64(body, change) + end + others)
    return _BASE64.join(parts)


def _in_base64(body: bytes, change: Callable[[re.Match[bytes]], bytes]) -> bytes:
    raw = b64decode(body)
    changed = _IN_TEXT.sub(change, raw)
    if changed == raw:
        return body
    encoded = b64encode(changed)
    return b"\r\n".join(encoded[start : start + 76] for start in range(0, len(encoded), 76))


def _plain(found: bytes) -> str:
    return found.replace(b"=\r\n", b"").decode("ascii")


def _laid_into(found: bytes, token: bytes) -> bytes:
    """The token, with its line broken where the stand-in's was."""
    if len(token) != LENGTH:
        raise ValueError(f"a link has {LENGTH} characters, not {len(token)}")
    pieces, start = [], 0
    for piece in found.split(b"=\r\n"):
        pieces.append(token[start : start + len(piece)])
        start += len(piece)
    return b"=\r\n".join(pieces)
