"""What a healthy installation needs, one check after another; each says what it found and how to mend it."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from telling.counts import plural

if TYPE_CHECKING:
    from runtime.settings import Settings
    from store.models import SecurityEntry
    from store.store import Store

PACKAGES = ("activities", "cli", "exchange", "letters", "plans", "portal", "runtime", "store", "workers", "workflows")
"""Our top-level packages. pip overwrites silently where two distributions provide one name."""


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    name: str
    state: Literal["ok", "note", "wrong"]
    """``wrong`` is something needed; a ``note`` is worth knowing."""
    found: str
    mend: str = ""


def record_checks(settings: Settings, open_record: Callable[[], Store]) -> Iterator[Finding]:
    """The data folder and everything that is kept there."""
    yield _folder(settings)
    try:
        store = open_record()
    except Exception as why:  # noqa: BLE001 - whatever keeps it from opening is the finding
        yield Finding(
            "Record", "wrong", str(why), "Mend what it says; `kierros up` makes a new record in an empty folder."
        )
        return
    yield _form(store)
    yield _staff(store)
    yield _live(settings, store)
    yield from _secret(settings, store)
    yield from _lost(store)
    yield from turned_away(store)
    if broken := list(_journals(store)):
        yield from broken
        return
    yield _dates(store)
    yield from _left_alone(store)


def _form(store: Store) -> Finding:
    """Which form the record has, and whose that is."""
    from store.migrating import revision
    from store.schema import REVISION

    with store.reading() as connection:
        form = revision(connection)
    if form == REVISION:
        return Finding("Record", "ok", f"opens; its form is {REVISION}")
    found = f"opens; its form is {form}, of a newer Kierros, on which this one ({REVISION}) can work"
    return Finding("Record", "note", found, "Nothing has to be done; `kierros backup` needs the newer one.")


def _folder(settings: Settings) -> Finding:
    folder = settings.data
    mend = "Give this account the right to write there, or name another folder with --data or KIERROS_DATA."
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        return Finding("Data folder", "wrong", f"{folder}: {why.strerror or why}", mend)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding("Data folder", "wrong", f"{folder} cannot be written to", mend)
    return Finding("Data folder", "ok", str(folder))


def _staff(store: Store) -> Finding:
    known = store.staff()
    if not known:
        return Finding("Staff", "wrong", "nobody is known", "kierros staff add NAME ADDRESS")
    return Finding("Staff", "ok", f"{plural(len(known), 'person', 'people')} may act")


def _live(settings: Settings, store: Store) -> Finding:
    live = store.get_setting("live")
    if settings.transport == "mailbox":
        return Finding("Letters", "note", f"go to the mailbox folder {settings.mailbox}; none leaves this computer")
    if live is None:
        return Finding(
            "Letters", "note", "a mail server is set, and nothing is sent to it before you say so", "kierros go-live"
        )
    return Finding("Letters", "ok", f"leave for real, since {live.at:%Y-%m-%d}")


def _secret(settings: Settings, store: Store) -> Iterator[Finding]:
    """What is wrong with the secret of which links are made; nothing where all is well. None is made here."""
    from runtime.keys import KeyFault, read_keys, secret_missing
    from store.links import Links, any_links

    with store.reading() as connection:
        needed = any_links(connection)
    back = "Put secret.key of the last backup (`kierros restore` does) or the former KIERROS_SECRET back."
    if secret_missing(settings):
        if needed:
            found = f"{settings.data / 'secret.key'} is gone: links in letters that have left open nothing any more"
            yield Finding("Secret", "wrong", found, f"{back} Without them a new one is made with the next letter.")
        return
    try:
        same = Links(store, read_keys(settings)).made_here()
    except KeyFault as why:
        yield Finding("Secret", "wrong", str(why))
        return
    if same is False:
        found = "it is another than that of the newest links: those in letters that have left open nothing any more"
        yield Finding("Secret", "wrong", found, f"{back} If it was changed on purpose, new letters mend it.")


def _lost(store: Store) -> Iterator[Finding]:
    """What did not arrive, was not filed, or cannot leave; nothing where all is well."""
    if counts := store.troubles():
        where = ", ".join(dict.fromkeys(lost.cycle for lost in counts))
        what = f"{plural(sum(lost.count for lost in counts), 'letter')} did not surely arrive ({where})"
        mend = "Look with `kierros letters --failed`; once they are dealt with: kierros settle CYCLE --reason TEXT."
        yield Finding("Undelivered", "note", what, mend)
    if late := store.overdue():
        where = ", ".join(one.cycle for one in late)
        what = f"{plural(sum(one.count for one in late), 'letter')} should have left while nothing ran ({where})"
        mend = "Look with `kierros overdue`; then `kierros overdue send`, or `kierros overdue drop --reason TEXT`."
        yield Finding("Overdue", "note", what, mend)
    if pending := store.erasures(pending_only=True):
        why = "; ".join(dict.fromkeys(one.pending for one in pending if one.pending)) or "it has just begun"
        what = f"{plural(len(pending), 'erasure')} {'is' if len(pending) == 1 else 'are'} pending: {why}"
        mend = "A running worker tries again by itself. `kierros people erasures` shows when nothing is left."
        yield Finding("Erasures", "note", what, mend)
    for cycle, step in store.unfiled():
        mend = "Somebody changed the record, or it was drawn up anew: compare it with a backup before you hand it on."
        yield Finding("Report", "wrong", f"{step} of {cycle} is not the one that was approved, and was not filed", mend)
    if why := store.sender_refused():
        mend = "Look at KIERROS_SENDER and the account it is sent from. Letters wait, and leave once it is mended."
        yield Finding("Sender", "wrong", why, mend)


TOLD = 3
"""So many of the newest refusals at the doors are told."""
LATELY = timedelta(days=30)
_CALLED = {"approve": "an approval", "reject": "a rejection", "cancel": "a cancellation", "amend": "an amendment"}


def turned_away(store: Store) -> Iterator[Finding]:
    """What came past the doors lately, without a proof that fits, the same told once; nothing where nothing did."""
    since = datetime.now(UTC) - LATELY
    found = store.security_log(since=since, what=("decision_refused", "answer_refused"), most=1000)
    if not found:
        return
    alike: dict[tuple[str, str], list[datetime]] = {}
    for entry in found:  # the newest first
        alike.setdefault((_refused(entry), entry.cycle), []).append(entry.at)
    told = list(alike.items())[:TOLD]
    said = "; ".join(_told(store, what, cycle, times) for (what, cycle), times in told)
    rest = len(found) - sum(len(times) for _, times in told)
    mend = "Nothing was decided by it. docs/operator.md, Who is who, says who can send such."
    yield Finding("Doors", "note", said + (f"; and {rest} more" if rest else ""), mend)


def _refused(entry: SecurityEntry) -> str:
    what, _, why = entry.detail.partition(": ")
    called = _CALLED.get(what, f"a decision ({what})") if entry.what == "decision_refused" else f"an {what}"
    proof = {"missing": "without proof", "expired": "with a proof that had expired"}.get(why, "with another's proof")
    return f"{called} {proof} was refused"


def _told(store: Store, what: str, cycle: str, times: list[datetime]) -> str:
    """How often, and when it was last, by the clocks of the cycle; in UTC, where there is no such cycle."""
    from store.faults import CycleNewer, NoSuchCycle
    from telling.names import Names

    try:
        last = Names(store.get_plan(cycle)).moment(times[0])
    except (NoSuchCycle, CycleNewer):
        last = f"{times[0]:%Y-%m-%d %H:%M} UTC"
    return f"{what} {len(times)} times in {cycle}, last on {last}" if times[1:] else f"{what} on {last} in {cycle}"


def _journals(store: Store) -> Iterator[Finding]:
    """Open cycles whose journal this release cannot read to its end; nothing where all are whole."""
    from store.faults import CycleNewer, JournalBroken

    for row in store.cycles():
        if row.open:
            try:
                store.load(row.id)
            except CycleNewer as why:
                mend = "Start the newer release again: the cycle goes on with it. The other cycles go on meanwhile."
                yield Finding("Newer", "wrong", str(why), mend)
            except JournalBroken as why:
                mend = "Restore the newest backup into another folder, and look whether it is whole there."
                yield Finding("Journal", "wrong", str(why), mend)


def _left_alone(store: Store) -> Iterator[Finding]:
    """Practice runs that wait for nobody any more; nothing where there is none."""
    from telling.heldup import left_alone

    now = datetime.now(UTC)
    runs = [row.id for row in store.cycles() if row.open and row.practice]
    if idle := [run for run in runs if left_alone(store.load(run), now) is not None]:
        said = f"{plural(len(idle), 'run')} did not end: the last date has passed, and decisions were not taken"
        yield Finding(
            "Practice", "note", said, f"To end what is not needed: {', '.join(f'kierros cancel {it}' for it in idle)}"
        )


def _dates(store: Store) -> Finding:
    """Whether the local times of open cycles still mean the instants they were resolved to."""
    moved = sum(_resolved_otherwise(store, row.id) for row in store.cycles() if row.open and not row.practice)
    data = importlib.metadata.version("tzdata")
    if not moved:
        return Finding("Time zones", "ok", f"tzdata {data}; every date means what it meant")
    return Finding(
        "Time zones",
        "note",
        f"with tzdata {data}, {plural(moved, 'date')} of open cycles would fall on another instant",
        "Look at the dates of `kierros show`, and set them anew with `kierros move`.",
    )


def _resolved_otherwise(store: Store, cycle: str) -> int:
    from datetime import datetime

    from exchange.plan import When
    from exchange.walk import found
    from plans.clock import resolve_gently

    whens = list(found(store.get_plan(cycle), When))
    early = [resolve_gently(datetime.fromisoformat(when.local), when.zone).at for when in whens]
    late = [resolve_gently(datetime.fromisoformat(when.local), when.zone, last=True).at for when in whens]
    return sum(when.at not in {first, last} for when, first, last in zip(whens, early, late, strict=True))


def package_names() -> Finding:
    """Whether another installed distribution brings a package of one of our names."""
    providers = importlib.metadata.packages_distributions()
    rivals = {name: sorted({*providers.get(name, ())} - {"kierros"}) for name in PACKAGES}
    clashes = ", ".join(f"{name} ({', '.join(others)})" for name, others in rivals.items() if others)
    if clashes:
        return Finding(
            "Packages", "wrong", f"others provide {clashes}", "Install Kierros into an environment of its own (pipx)."
        )
    return Finding("Packages", "ok", "nobody else provides a package of our names")


def mail_server(settings: Settings) -> Finding:
    """Whether the mail server answers and takes our sender."""
    if settings.transport == "mailbox":
        return Finding("Mail server", "note", "none is set", "KIERROS_TRANSPORT=smtp and KIERROS_SMTP_HOST name one.")
    from cli.mailing import fault

    where = f"{settings.smtp_host}:{settings.smtp_port}"
    if why := fault(settings):
        return Finding(
            "Mail server", "wrong", f"{where}: {why}", "Look at KIERROS_SMTP_HOST, _PORT, _SECURITY and _USER."
        )
    return Finding("Mail server", "ok", f"{where} answers and takes our sender")


def behind_a_proxy(settings: Settings) -> Iterator[Finding]:
    """Whether callers can be told from one another where a proxy stands before the portal; nothing where they can.

    The portal speaks no TLS itself: with an https address, or a public one while it listens on this computer alone,
    somebody passes its callers on.
    """
    from urllib.parse import urlsplit

    public = urlsplit(settings.portal_url)
    passed_on = settings.portal_host in LOCAL and public.hostname not in {None, *LOCAL}
    if (passed_on or public.scheme == "https") and not settings.trusted_proxies:
        found = (
            f"is reached at {settings.portal_url} through a proxy, and it is not said which: all callers count as one, "
            "so that a few of them use up what everybody may try"
        )
        yield Finding("Portal", "note", found, "Set KIERROS_PORTAL_PROXIES to the proxy's address, e.g. 127.0.0.1.")


LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
"""Addresses that only this computer reaches."""
