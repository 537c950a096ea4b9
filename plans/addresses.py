"""E-mail addresses: which may be written to, and which are the same."""

from __future__ import annotations

import re
import unicodedata

from plans.faults import Misread
from plans.said import joined, said
from plans.words import formula_like, unfit
from runtime.alphabets import stray_in_address

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_NAMED = re.compile(r"[^<>]*<([^<>]+)>")


def read_address(words: str) -> str:
    """The address to write to, from ``anna@library.example``, ``mailto:…`` or ``Anna Berg <anna@…>``.

    Raises:
        Misread: there is none, it is malformed, or letters of two alphabets stand in one word of its domain.
    """
    if why := unfit(words):
        raise Misread(joined("{why}.", why=why))
    text = words.strip()
    named = _NAMED.fullmatch(text)
    address = (named[1] if named else text).strip().removeprefix("mailto:")
    if not address:
        raise Misread(said("is empty; nobody can be written to without an address."))
    if formula_like(address):
        no = "“{address}” begins like a spreadsheet formula; no address begins with “{first}”."
        raise Misread(said(no, address=address, first=address[0]))
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise Misread(said("“{address}” is no e-mail address; it looks like name@library.example.", address=address))
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        raise Misread(said("“{words}” {why}.", words=address, why=_why_not(local)))
    _domain(domain, address)
    if letter := stray_in_address(domain):
        no = "“{address}” has letters of two alphabets in one word (“{letter}” is not Latin); type it anew, by hand."
        raise Misread(said(no, address=address, letter=letter))
    return address


def normalised(address: str) -> str:
    """The form by which addresses are compared: NFKC, case folded, trimmed, the domain in its ASCII form (IDNA)."""
    local, _, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    return f"{local}@{_ascii(domain)}"


def _why_not(local: str) -> str:
    foreign = next((char for char in local if ord(char) > 127), "")
    if foreign:
        script = unicodedata.name(foreign, "unknown").split()[0].title()
        no = "has a letter before the @ that is not plain Latin (“{letter}”, {script}); type it anew"
        return said(no, letter=foreign, script=script)
    if "@" in local or " " in local or "," in local or ";" in local:
        return said("is not one address; write a single one, without blanks")
    return said("is no e-mail address: before the @ stand letters, figures and single dots only")


def _domain(domain: str, address: str) -> None:
    labels = _ascii(domain).split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        no = "“{address}” has no proper domain behind the @; it looks like library.example."
        raise Misread(said(no, address=address))


def _ascii(domain: str) -> str:
    folded = unicodedata.normalize("NFKC", domain).casefold()
    try:
        return folded.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
