"""What people, hosts and staff do in a :class:`tests.exchange.world.World`; and how half of its cycles start deep."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from exchange import cycle as rules
from exchange.approval import Prepare
from exchange.base import PLAN, TIME, Command, Refusal
from exchange.booking import AnswerAsHost, NoteSilence, RemindHost
from exchange.calling import Call
from exchange.cancelling import Cancel
from exchange.coming import AnswerNewDate, RemindComing
from exchange.defect import NoteFailedLetters, ParkDefect
from exchange.erasing import Erase
from exchange.extending import Extend
from exchange.feedback import GiveFeedback, RemindSurvey
from exchange.handing import HandOver
from exchange.invitation import DeclineInvitation, RemindInvited, own_times, unanswered
from exchange.moving import Move
from exchange.nominating import Nominate
from exchange.noting import TakeNote
from exchange.plan import When
from exchange.registration import (
    AcceptOffer,
    CloseDesk,
    DeclineOffer,
    ExpireOffer,
    Register,
    SetCapacity,
    Withdraw,
)
from exchange.replacing import ReplaceSpeaker
from exchange.seminar import RecordAttendance
from exchange.spending import Spend
from exchange.substituting import Substitute
from exchange.writing import Write
from tests.builders import ANTTI, HOMES, KRISTINA, OLGA
from tests.exchange.standing import staff_resume, staff_suspend
from tests.exchange.variety import INVITED, PEOPLE, home_of
from tests.exchange.world import Act, World

STAFF = (OLGA, KRISTINA, ANTTI, "p_anna")


def person(world: World, name: str, kind: type[Command], **more: Any) -> None:
    world.receive(kind.model_validate({"at": world.now, "actor": name, "person": name, **more}))


# -- people ------------------------------------------------------------------------------------------------------------


def somebody_registers(world: World) -> None:
    name = world.stream.pick(PEOPLE)
    home = "" if name == "p_gleb" else home_of(name)
    person(world, name, Register, home=home)


def somebody_withdraws(world: World) -> None:
    live = sorted(p for p in PEOPLE if world.cycle.is_in(p))
    person(world, world.stream.pick(live or PEOPLE), Withdraw)


def somebody_answers_an_offer(world: World) -> None:
    offered = [p for desk in world.cycle.desk_books.values() for p, _ in desk.offers]
    kind = world.stream.pick([AcceptOffer, DeclineOffer, AcceptOffer])
    person(world, world.stream.pick(offered or PEOPLE), kind)


def a_library_chooses(world: World) -> None:
    desk = world.cycle.desk("registration")
    home = world.stream.pick([home for home, asked in desk.nominations.items() if not asked.done] or ["gusev"])
    there = [p for p, place in desk.people.items() if place.home == home] or list(PEOPLE)
    people = tuple(dict.fromkeys(world.stream.pick(there) for _ in range(world.stream.pick([1, 1, 2]))))
    newcomer = world.stream.pick(["", "", "", *PEOPLE])
    world.receive(Nominate(at=world.now, actor="p_contact", home=home, people=people, newcomer=newcomer))


def somebody_sends_a_colleague(world: World) -> None:
    group = world.cycle.group()
    name, other = world.stream.pick(group or PEOPLE), world.stream.pick(PEOPLE)
    world.receive(Substitute(at=world.now, actor=name, person=name, by=other, home=home_of(other)))


def somebody_declines(world: World) -> None:
    person(world, world.stream.pick(INVITED), DeclineInvitation)


def somebody_says_what_she_thinks(world: World) -> None:
    person(world, world.stream.pick([*world.cycle.participants(), world.stream.pick(PEOPLE)]), GiveFeedback)


# -- hosts -------------------------------------------------------------------------------------------------------------


def a_host_answers(world: World) -> None:
    awaited = [(s, b) for s, b in bookings(world) if b.stage in {"asked", "proposed"}]
    if not awaited:
        return
    slot, held = world.stream.pick(awaited)
    host_says(world, held.host, slot, world.stream.often({"confirm": 3, "decline": 3, "propose": 2}))


def a_host_comes_back(world: World) -> None:
    """A host that said no says yes, or one that said yes says no."""
    settled = [(s, h, "confirm") for s, b in bookings(world) for h in b.tried]
    settled += [(s, b.host, "decline") for s, b in bookings(world) if b.stage == "confirmed"]
    if settled:
        slot, host, answer = world.stream.pick(settled)
        host_says(world, host, slot, answer)


def a_host_wishes_to_move(world: World) -> None:
    """A host that has confirmed asks for another time; now and then it takes its wish back."""
    confirmed = [(s, b.host) for s, b in bookings(world) if b.stage == "confirmed"]
    slot, host = world.stream.pick(confirmed)
    host_says(world, host, slot, world.stream.often({"propose": 6, "confirm": 1}))


def somebody_says_whether_she_still_comes(world: World) -> None:
    """About the date as it stands, by its name or without it; now and then about the one before."""
    calls = [(s, b.call) for s, b in bookings(world) if b.stage == "confirmed" and b.call and b.call.people]
    if not calls:
        return
    slot, call = world.stream.pick(calls)
    stay = world.cycle.slot_of("visits", slot)[1]
    when = world.stream.pick([stay.begins, stay.begins, None, call.was[0]])
    name = world.stream.pick([*call.people, *call.people, world.stream.pick(PEOPLE)])
    comes = world.stream.chance(70)
    person(world, name, AnswerNewDate, slot=slot, when=when, comes=comes)


def bookings(world: World) -> list[Any]:
    return [(key.rsplit("/", 1)[-1], held) for key, held in world.cycle.bookings.items()]


def host_says(world: World, host: str, slot: str, answer: str) -> None:
    said: dict[str, Any] = {"at": world.now, "actor": f"p_{host}", "host": host, "slot": slot, "answer": answer}
    if answer == "propose":
        # most wish for a day near the one they were asked for; some for a day that breaks the plan's order
        near = max(world.now, world.cycle.slot_of("visits", slot)[1].begins.at)
        begins = world.stream.pick([near, near, world.now]) + timedelta(days=world.stream.pick([1, 3, 10]))
        said |= {"begins": moment(begins), "ends": moment(begins + timedelta(days=2))}
    world.receive(AnswerAsHost.model_validate(said))


def moment(at: Any) -> When:
    return When(local=at.strftime("%Y-%m-%dT%H:%M:%S"), zone="UTC", at=at)


# -- staff -------------------------------------------------------------------------------------------------------------


def staff_change_the_capacity(world: World) -> None:
    capacity = world.stream.pick([4, 2, 3, 6, 1, 0])
    world.say(SetCapacity(at=world.now, actor=OLGA, step="registration", capacity=capacity, reason="n_bus"))


MOVABLE = (
    ("intro", "begins"), ("final", "begins"), ("registration", "closes"), ("feedback", "closes"), ("visits", "begins"),
    ("intro", "announce"), ("report", "due"), ("visits", "begins"), ("visits", "begins"),
)  # fmt: skip


def staff_move_something(world: World) -> None:
    step, field = world.stream.pick(MOVABLE)
    when = world.now + timedelta(days=world.stream.pick([6, 2, 20, -1]))
    slot = world.stream.pick(["first", "second", "third"]) if step == "visits" else ""
    world.say(
        Move(
            at=world.now, actor=world.stream.pick([OLGA, OLGA, KRISTINA, "p_anna"]), step=step, field=field, slot=slot,
            when=moment(when), ends=moment(when + timedelta(days=1)), reason=world.stream.pick(["n_why"] * 5 + [""]),
        )
    )  # fmt: skip


def staff_move_what_people_were_told(world: World) -> None:
    """An announced seminar or a confirmed stay, to a later day."""
    told = [(s.id, "", s.begins.at) for s in world.cycle.seminars() if world.cycle.gathering(s.id).stage == "announced"]
    for key, held in world.cycle.bookings.items():
        if held.stage == "confirmed":
            step, slot = key.split("/")
            told.append((step, slot, world.cycle.slot_of(step, slot)[1].begins.at))
    if told:
        step, slot, begins = world.stream.pick(told)
        when = max(begins, world.now) + timedelta(days=world.stream.pick([1, 4, 15]))
        call = world.cycle.booking(step, slot).call if slot else None
        if call is not None and world.stream.chance(50):
            staff_move_it_back(world, step, slot, call)
            return
        ends = moment(when + timedelta(days=1))
        world.say(
            Move(
                at=world.now,
                actor=OLGA,
                step=step,
                slot=slot,
                when=moment(when),
                ends=ends,
                reason="n_snow",
                anyway=True,
            )
        )


def staff_move_it_back(world: World, step: str, slot: str, call: Call) -> None:
    """To the time that people were told before the last word of it."""
    when, ends = call.was
    world.say(Move(at=world.now, actor=OLGA, step=step, slot=slot, when=when, ends=ends, reason="n_thaw", anyway=True))


def staff_remind(world: World) -> None:
    said: dict[str, Any] = {"at": world.now, "actor": world.stream.pick(STAFF)}
    slot = world.stream.pick(["first", "second", "third", "tenth"])
    reminder = world.stream.pick(
        [RemindHost(**said, step="visits", slot=slot), RemindInvited(**said, step="invitations", number=3),
         RemindSurvey(**said, step="feedback", number=2), RemindComing(**said, step="visits", slot=slot)]
    )  # fmt: skip
    world.say(reminder)


def staff_note_attendance(world: World) -> None:
    step, name = world.stream.pick(["intro", "final"]), world.stream.pick(PEOPLE)
    present = world.stream.chance(50)
    world.say(RecordAttendance(at=world.now, actor=OLGA, step=step, person=name, present=present))


def staff_take_a_note(world: World) -> None:
    """Now and then without words, or of somebody that nobody knows: nothing else may come of it."""
    about, note = world.stream.pick(["p_anna", "", "oslo", "Anna Berg"]), world.stream.pick(["n_note", "n_note", ""])
    before = world.cycle
    world.say(TakeNote(at=world.now, actor=world.stream.pick(STAFF), about=about, note=note))
    assert world.cycle.put(position=before.position) == before, "28: a note changes something"
    if world.stream.chance(60):
        staff_hand_over(world)


def staff_spend(world: World) -> None:
    """A bill for something promised or not, as promised, dearer or cheaper; now and then money comes back."""
    step, slot = world.stream.pick([("visits", "first"), ("intro", ""), ("visits", "second"), ("report", "")])
    cents = world.stream.pick([60_00, 100_00, 900_00, -20_00])
    currency, rate = world.stream.pick([("EUR", ""), ("SEK", "0.0873"), ("SEK", "")])
    # now and then to the host that was promised something first, which may have been let go
    paid = [key.rpartition("/")[2] for key in world.cycle.purse.entries if slot and f"/{slot}/" in key]
    host = (paid[0] if cents == 100_00 else world.cycle.booking(step, slot).host) if paid else ""
    world.say(
        Spend(
            at=world.now, actor=world.stream.pick(STAFF), step=step, slot=slot, host=host, original=cents,
            currency=currency, rate=rate, on=world.now.date(), more=world.stream.chance(30),
        )
    )  # fmt: skip


def staff_extend(world: World) -> None:
    """More time for somebody whose answer is awaited, mostly; now and then for anybody, too long, or without reason."""
    stream, cycle = world.stream, world.cycle
    closes = cycle.desk_step("").closes.at
    awaited = {person: closes for step in cycle.invitations() for person in unanswered(cycle, step)}
    awaited |= dict(cycle.desk("registration").offers)
    name = stream.pick([*reversed(awaited), *awaited, "p_boris"])
    until = max(awaited.get(name, closes), world.now) + timedelta(days=stream.pick([1, 2, 5, 9, 25, -1]))
    actor, reason = stream.pick([OLGA, OLGA, OLGA, ANTTI]), stream.pick(["n_away"] * 5 + [""])
    world.say(Extend(at=world.now, actor=actor, person=name, until=moment(until), reason=reason))


def somebody_answers_in_her_own_time(world: World) -> None:
    """Mostly in it, and then by a yes."""
    name = world.stream.pick(sorted(with_time_of_their_own(world)) or INVITED)
    person(world, name, world.stream.pick([Register, Register, DeclineInvitation]))


def with_time_of_their_own(world: World) -> set[str]:
    return {person for step in world.cycle.invitations() for person in own_times(world.cycle, step)}


def staff_replace_a_speaker(world: World) -> None:
    """One of those who speak at a seminar that is to come, mostly; now and then by herself, or without a reason."""
    step = world.stream.pick(speaking(world) or ["nowhere", "intro"])
    speakers = [s.speaker for seminar in world.cycle.seminars() if seminar.id == step for s in seminar.sessions]
    person = world.stream.pick([*speakers, *speakers, "p_boris"])
    by = world.stream.pick(["p_eva", "p_anna", "p_speaker", "p_guest1"])
    actor, reason = world.stream.pick([(OLGA, "n_ill"), (OLGA, "n_ill"), (KRISTINA, "n_ill"), (OLGA, "")])
    world.say(ReplaceSpeaker(at=world.now, actor=actor, step=step, person=person or "", by=by, reason=reason))


def speaking(world: World) -> list[str]:
    """The seminars that have not been held and at which somebody speaks."""
    waits = {step.id: world.cycle.gathering(step.id).stage in {"idle", "announced"} for step in world.cycle.seminars()}
    return [step.id for step in world.cycle.seminars() if waits[step.id] and step.sessions]


def staff_write_a_letter(world: World) -> None:
    """To a group that may be empty, or to somebody by name; now and then without words or by nobody with a role."""
    group = world.stream.pick(["confirmed", "waiting", "everybody", "unanswered", "hosts", "speakers", "strangers", ""])
    people = world.stream.pick([(), (), PEOPLE[:2], ("Anna Berg",)])
    said: dict[str, Any] = {"at": world.now, "actor": world.stream.pick(STAFF), "copy_to_me": world.stream.chance(50)}
    words = {"subject": "n_subject", "text": world.stream.pick(["n_text", "n_text", "n_text", ""])}
    world.say(Write(**said, **words, groups=(group,) if group else (), people=people))
    world.prepare()


def staff_write_something_down(world: World) -> None:
    """A note, what was paid, or a letter of their own."""
    world.stream.pick([staff_spend, staff_take_a_note, staff_write_a_letter, staff_spend])(world)


def staff_hand_over(world: World) -> None:
    """At once or on a day; of the two coordinators and the director, now and then somebody without the right."""
    said: dict[str, Any] = {"source": KRISTINA, "to": world.stream.pick([ANTTI, ANTTI, KRISTINA])}
    on = world.stream.pick([None, world.now + timedelta(days=3)])
    world.say(
        HandOver(at=world.now, actor=world.stream.pick([OLGA, KRISTINA]), not_before=on, reason="n_leave", **said)
    )


def staff_cancel(world: World) -> None:
    if world.stream.chance(20):
        world.collect()
        world.say(Cancel(at=world.now, actor=world.stream.pick([ANTTI, OLGA]), reason="n_war"))


def something_breaks(world: World) -> None:
    said: dict[str, Any] = {"at": world.now, "actor": "post"}
    broken = world.stream.pick(
        [ParkDefect(**said, number=world.stream.byte() % 4, error="KeyError"), NoteFailedLetters(**said, count=2)]
    )
    world.say(broken)


def somebody_plays_the_clock(world: World) -> None:
    """What was due, decided too early, twice, or by somebody else than time: nothing comes of it."""
    at: dict[str, Any] = {"at": world.now, "actor": world.stream.pick([TIME, TIME, "p_anna"])}
    stale: list[Command] = [
        CloseDesk(**at, step="registration"), NoteSilence(**at, step="visits", slot="first"),
        Prepare(**at, step="intro"), ExpireOffer(**at, step="registration", person="p_anna"),
        RemindInvited(**at, step="invitations", number=1),
        NoteSilence(**at, step="nowhere", slot="never"), Prepare(**at, step="nowhere"),
    ]  # fmt: skip
    command = world.stream.pick(stale)
    due = {type(entry.command) for entry in rules.due(world.cycle) if entry.at <= world.now}
    before = world.cycle
    world.say(command)
    assert world.cycle is before or type(command) in due, f"28: {command} changes something out of its hour"


POOL: dict[str, tuple[Any, ...]] = {
    "actor": (TIME, PLAN, OLGA, KRISTINA, ANTTI, "p_anna", ""),
    "step": ("invitations", "registration", "intro", "visits", "final", "feedback", "report", "nowhere", ""),
    "slot": ("first", "second", "third", "never", ""),
    "field": ("begins", "closes", "opens", "prepare", "announce", "due", "ends", "id", ""),
    "host": ("helsinki", "malmo", "oslo", "aarhus", "atlantis", ""),
    "home": (*HOMES, "", "atlantis"),
    "person": (*PEOPLE, "nobody", ""),
    "people": ((), PEOPLE[:1], PEOPLE[2:9], ("nobody",)),
    "by": (*PEOPLE, "nobody"),
    "picks": ((), PEOPLE[:1], PEOPLE[2:9], ("nobody",)),
    "answer": ("confirm", "decline", "propose"),
    "option": ("again", "next", "give_up", "accept", "switch", "keep", "select", "seen", "leave", "approve", "lapsed",
        "fewer_places", "ask_funder", "move", "keep_date"),
    "languages": ((), ("en", "fi")),
    "present": (True, False),
    "comes": (True, False),
    "new": (True, False),
    "tell": (True, False),
    "digest": ("", "intro-1", "x"),
    "reason": ("", "n_why"),
    "currency": ("EUR", "SEK", "kr"),
    "rate": ("", "0.0873", "0", "x"),
    "funder": ("Fund", "Anna Berg"),
    "what": ("", "n_why"),
    "note": ("", "n_note", "the words themselves"),
    "about": ("", "helsinki", "p_anna", "Anna Berg"),
    "error": ("KeyError",),
    "batch": ("",),
    "source": (OLGA, KRISTINA, ANTTI, "s_nobody", ""),
    "to": (OLGA, ANTTI, "s_new", ""),
    "may": ((), ("director",), ("coordinator", "director")),
    "left": (True, False),
    "text": ("", "n_text"),
    "subject": ("", "n_subject"),
    "groups": ((), ("confirmed", "waiting"), ("strangers",)),
    "copy_to_me": (True, False),
    "cause": ("", "i7"),
    "rating": ("1", "5"),
    "gained": ("", "n_gained"),
    "better": ("", "n_better"),
    "newcomer": ("", *PEOPLE[:2], "nobody"),
}  # fmt: skip
NUMBERS = (0, 1, 2, 3, -1, 99)


def somebody_stumbles(world: World) -> None:
    """Any command, with fields of any sort: it is decided or refused, and nothing else; nothing comes of it here."""
    # who is erased is in tests/exchange/test_erasing.py
    kind = world.stream.pick([kind for kind in rules.COMMANDS if kind is not Erase])
    prompts = (*world.cycle.prompts.keys(), *world.cycle.answered.keys(), "approve-nothing-1")
    moments = (moment(world.now + timedelta(days=2)), moment(world.now - timedelta(days=2)), None)
    fields: dict[str, Any] = {"at": world.now}
    for name in kind.model_fields:
        if name in POOL:
            fields[name] = world.stream.pick(POOL[name])
        elif name == "prompt":
            fields[name] = world.stream.pick(prompts)
        elif name in {"when", "begins", "ends", "until"}:
            fields[name] = world.stream.pick(moments[:2] if name in {"when", "until"} else moments)
        elif name == "on":
            fields[name] = world.now.date()
        elif name in {"number", "original", "capacity", "count", "revision", "letters"}:
            fields[name] = world.stream.pick(NUMBERS)
    with suppress(Refusal):
        rules.decide(world.cycle, kind.model_validate(fields))


# -- time --------------------------------------------------------------------------------------------------------------


def time_goes_on(world: World) -> None:
    world.collect()
    if world.running and (entries := rules.due(world.cycle)):
        world.go_to(max(entries[0].at, world.now))


def hours_pass(world: World) -> None:
    world.go_to(world.now + timedelta(days=world.stream.pick([0.25, 1, 3])))


def the_engine_is_away(world: World) -> None:
    world.sleep(world.stream.pick([12, 2, 30]))


def staff_agree(world: World) -> None:
    world.agree()


def staff_argue(world: World) -> None:
    world.argue()


def chosen(world: World) -> Act:
    """Something that may well happen now."""
    cycle = world.cycle
    if cycle.standstill is not None:
        return world.stream.often(standing_still(world))
    acts: dict[Act, int] = {time_goes_on: 6, hours_pass: 3, the_engine_is_away: 1, something_breaks: 1}
    acts |= {
        somebody_plays_the_clock: 1,
        somebody_stumbles: 3,
        staff_remind: 1,
        staff_cancel: 1,
        staff_suspend: 1,
        staff_move_something: 3,
        staff_write_something_down: 1,
    }
    if cycle.prompts:
        acts |= {staff_argue: 5, staff_agree: 4}
    acts |= answering(world)
    if cycle.desk("registration").offers or any(guests.stage == "sent" for guests in cycle.guest_lists.values()):
        acts[staff_extend] = 5 if cycle.desk("registration").offers else 2
    if speaking(world):
        told = any(cycle.gathering(step).stage == "announced" for step in speaking(world))
        acts[staff_replace_a_speaker] = 4 if told else 1
    if cycle.desk("registration").people:
        acts[staff_change_the_capacity] = 3
    if any(g.stage == "announced" for g in cycle.gatherings.values()) or any(
        held.stage == "confirmed" for _, held in bookings(world)
    ):
        acts[staff_move_what_people_were_told] = 1
    if any(gathering.stage == "held" for gathering in cycle.gatherings.values()):
        acts[staff_note_attendance] = 1
    return world.stream.often(acts)


def standing_still(world: World) -> dict[Act, int]:
    """What may well happen while the cycle stands still, by weight."""
    acts: dict[Act, int] = {staff_resume: 3, hours_pass: 3, the_engine_is_away: 2, staff_move_something: 2}
    acts |= {staff_move_what_people_were_told: 1, staff_cancel: 1, staff_change_the_capacity: 1, something_breaks: 1}
    acts |= {somebody_plays_the_clock: 1, somebody_stumbles: 1}
    return {**answering(world), **acts}


def answering(world: World) -> dict[Act, int]:
    """What people and hosts may well say now, by weight."""
    cycle = world.cycle
    acts: dict[Act, int] = {somebody_registers: 1}
    desk = cycle.desk("registration")
    if desk.stage == "open":
        acts |= {somebody_registers: 7, somebody_declines: 1}
    if desk.stage == "closed" and with_time_of_their_own(world):
        acts[somebody_answers_in_her_own_time] = 7
    if desk.people:
        acts[somebody_withdraws] = 2
    if desk.offers:
        acts[somebody_answers_an_offer] = 4
    if any(not asked.done for asked in desk.nominations.values()):
        acts[a_library_chooses] = 5
    if desk.confirmed:
        acts[somebody_sends_a_colleague] = 1
    if any(held.stage in {"asked", "proposed"} for _, held in bookings(world)):
        acts[a_host_answers] = 5
    acts |= about_what_is_booked(world)
    if any(survey.stage == "open" for survey in cycle.survey_books.values()):
        acts[somebody_says_what_she_thinks] = 4
    return acts


def about_what_is_booked(world: World) -> dict[Act, int]:
    """What hosts that have answered, and those who are to come, may well say."""
    acts: dict[Act, int] = {}
    held = [stay for _, stay in bookings(world)]
    if any(stay.tried or stay.stage == "confirmed" for stay in held):
        acts[a_host_comes_back] = 2
    if any(stay.stage == "confirmed" for stay in held):
        acts[a_host_wishes_to_move] = 2
    if any(stay.stage == "confirmed" and stay.call for stay in held):
        acts[somebody_says_whether_she_still_comes] = 4
    return acts
