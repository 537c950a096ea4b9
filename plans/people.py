"""People lists: who is to be invited, who speaks, and whom to ask at the hosts.

Every row is accepted, refused with its reason, or a duplicate; together they are the rows of the file. Nothing is taken
here: the caller decides what to do with a list that has refused rows. Row order is kept, for it is the waiting order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from exchange.plan import Organisation
from plans.addresses import normalised, read_address
from plans.clock import zone
from plans.faults import Misread, did_you_mean, listed
from plans.headings import PARTS, Part, people_column
from plans.said import joined, said
from plans.tables import LONGEST, Refused, Row, Table, Unreadable, read_table
from plans.words import formula_like, language_code, plain, tidy, unfit


@dataclass(frozen=True)
class Person:
    """One accepted row."""

    row: int
    """Its number in the file, as a spreadsheet shows it."""
    name: str
    address: str
    address_norm: str
    """The form by which addresses are compared."""
    language: str = ""
    """ISO 639-1; empty where the list does not say."""
    library: str = ""
    """The id of the organisation where it could be told, else the words of the list."""
    part: Part = "invitee"
    zone: str = ""
    """IANA zone; empty where the list does not say."""


@dataclass(frozen=True)
class PeopleList:
    """What a list holds. ``len(accepted) + len(refused) + len(duplicates)`` is its rows (1 for an unreadable file)."""

    name: str
    accepted: tuple[Person, ...] = ()
    refused: tuple[Refused, ...] = ()
    duplicates: tuple[Refused, ...] = ()
    ignored: tuple[str, ...] = ()
    """Headings of columns that we do not read."""
    digest: str = ""
    """SHA-256 of the file as it was read."""
    formerly: Mapping[str, str] = field(default_factory=dict)
    """Where a running cycle is amended: names and addresses that were corrected since, as they are compared, each with
    the address (compared, too) of the one person who had it."""

    @property
    def rows(self) -> int:
        """How many rows hold anything, the heading not counted."""
        return len(self.accepted) + len(self.refused) + len(self.duplicates)


def read_people(
    source: Path | str | bytes, name: str = "", organisations: Iterable[Organisation] | None = None
) -> PeopleList:
    """Reads a people list: CSV in the usual encodings and delimiters, or XLSX.

    Args:
        source: the file, or what was in it.
        name: the file's name as people know it; without it the source's own.
        organisations: where they are given, the library column must name one of them, by id or name in any language.
    """
    path = Path(source) if isinstance(source, str) else source
    name = name or (path.name if isinstance(path, Path) else "people.csv")
    try:
        table = read_table(path, name, people_column, (("name", "given"), ("address", "either")))
    except Unreadable as why:
        return PeopleList(name, refused=(Refused(0, "", str(why)),))
    return _sorted_out(table, name, None if organisations is None else _Libraries(organisations))


def _sorted_out(table: Table, name: str, libraries: _Libraries | None) -> PeopleList:
    accepted: dict[str, Person] = {}
    refused, duplicates = [], []
    column = "address" if "address" in table.headings else "either"
    for row in table.rows:
        try:
            person = _person(row, column, libraries)
        except _Column as why:
            refused.append(Refused(row.number, table.heading(why.column), str(why), row["name"]))
            continue
        first = accepted.setdefault(person.address_norm, person)
        if first is not person:
            reason = said("the address stands in row {row} already, and that row counts.", row=first.row)
            duplicates.append(Refused(row.number, table.heading(column), reason))
    return PeopleList(name, tuple(accepted.values()), tuple(refused), tuple(duplicates), table.ignored, table.digest)


class _Column(Misread):
    """A cell that cannot be taken."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def _person(row: Row, column: str, libraries: _Libraries | None) -> Person:
    name = _name(row)
    try:
        address = read_address(row[column])
    except Misread as why:
        raise _Column(column, str(why)) from None
    library = _fit(row, "library")
    return Person(
        row=row.number,
        name=name,
        address=address,
        address_norm=normalised(address),
        language=_language(row),
        library=libraries.named(library) if libraries else library,
        part=_part(row),
        zone=_zone(row),
    )


def read_name(name: str) -> str:
    """A person's name, from whatever door: what a list takes, a page takes, and the other way round.

    Raises:
        Misread: it cannot be one.
    """
    if formula_like(name):
        raise Misread(said("“{name}” begins like a spreadsheet formula; write the name alone.", name=name[:40]))
    if len(name) > 200:
        raise Misread(said("is too long for a name; shorten it to 200 characters."))
    if why := unfit(name):
        raise Misread(joined("{why}.", why=why))
    if not any(char.isalpha() for char in name):
        raise Misread(said("“{name}” has no letter in it; write the person's name.", name=name[:40]))
    return name


def _name(row: Row) -> str:
    parts = [row["name"] or row["given"], row["family"]]
    name = " ".join(tidy(part) for part in parts if part)
    column = "name" if row["name"] else "given" if row["given"] else "family"
    if not name:
        raise _Column("name", said("is empty; letters need a name to begin with."))
    try:
        return read_name(name)
    except Misread as why:
        raise _Column(column, str(why)) from None


def _fit(row: Row, column: str) -> str:
    words = row[column]
    if len(words) > min(LONGEST, 300):
        raise _Column(column, said("is too long; shorten it to 300 characters."))
    if why := unfit(words):
        raise _Column(column, joined("{why}.", why=why))
    return words


def _language(row: Row) -> str:
    words = row["language"]
    code = language_code(words) if words else ""
    if words and not code:
        no = "“{words}” is no language that we know; use en, fi, sv, ru, lt and the like."
        raise _Column("language", said(no, words=words[:40]))
    return code


def _part(row: Row) -> Part:
    part = PARTS.get(plain(row["part"]))
    if part is None:
        no = said("“{words}” is not known; it is participant, contact or speaker.", words=row["part"][:40])
        raise _Column("part", no)
    return part


def _zone(row: Row) -> str:
    words = row["zone"]
    if not words:
        return ""
    try:
        return zone(words).key
    except Misread as why:
        raise _Column("zone", str(why)) from None


_LISTED = 8
"""So many organisations are named where none of them was meant."""


class _Libraries:
    """Finds an organisation by its id or by its name in any language."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}
        """By the id, the first name."""
        for organisation in organisations:
            self._names[organisation.id] = next(iter(organisation.name.values()), organisation.id)
            for words in (organisation.id, *organisation.name.values()):
                self._ids[plain(words)] = organisation.id

    def named(self, words: str) -> str:
        """The organisation's id; empty for an empty cell.

        Raises:
            Misread: there is none of that name.
        """
        if not words:
            return ""
        found = self._ids.get(plain(words))
        if found is None:
            # names of libraries are much alike, so only a slip of the hand is taken for one of them
            hint = did_you_mean(words, [*self._names.values(), *self._names], near=0.85) or self._all()
            no = "“{words}” is no organisation of the plan; use its id or its name.{hint}"
            raise _Column("library", said(no, words=words[:60], hint=hint))
        return found

    def _all(self) -> str:
        """`` They are riga (Riga Central Library) and tartu (…).``, the first few of very many."""
        known = [f"{ident} ({name})" if name != ident else ident for ident, name in self._names.items()]
        if not known:
            return ""
        more = [said("{count} more", count=len(known) - _LISTED)] if len(known) > _LISTED else []
        return said(" They are {known}.", known=listed([*known[:_LISTED], *more]))
