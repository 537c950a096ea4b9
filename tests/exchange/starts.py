"""How half of the cycles of :mod:`tests.exchange.world` start: deep, where walking at random seldom comes."""

from __future__ import annotations

from datetime import timedelta

from exchange import cycle as rules
from exchange.cancelling import Cancel
from exchange.registration import Register, Withdraw
from tests.builders import ANTTI, day
from tests.exchange.acting import bookings, host_says, person
from tests.exchange.variety import GUESTS, INVITED, home_of
from tests.exchange.world import Act, World


def go(world: World, days: float) -> None:
    """Time goes on to the day; staff agree to everything."""
    while world.running and (entries := rules.due(world.cycle)) and entries[0].at <= day(days):
        world.go_to(entries[0].at)
        world.agree()
    world.go_to(day(days))


def full_desk(world: World) -> None:
    go(world, 3)
    for name in (*INVITED, *GUESTS[:5]):
        home = "" if name == "p_gleb" else home_of(name)
        person(world, name, Register, home=home)
    world.collect()


def offers_out(world: World) -> None:
    full_desk(world)
    go(world, 5)
    for name in world.cycle.group()[:2]:
        person(world, name, Withdraw)
    world.collect()
    if world.stream.chance(15):
        world.say(Cancel(at=world.now, actor=ANTTI, reason="n_war"))


def half_confirmed(world: World) -> None:
    go(world, 4)
    for answer, (slot, held) in zip(("confirm", "decline"), bookings(world), strict=False):
        if held.host:
            host_says(world, held.host, slot, answer)
    world.collect()


def come_late(world: World) -> None:
    half_confirmed(world)
    for slot, held in bookings(world):
        for host in held.tried[:1]:
            host_says(world, host, slot, "confirm")
    world.collect()


def rejected(world: World) -> None:
    """Whatever staff are asked first, they say no to, twice."""
    for _ in range(12):
        entries = rules.due(world.cycle)
        if not world.cycle.prompts and entries:
            world.go_to(entries[0].at)
        for prompt in world.cycle.prompts.values():
            world.answer(prompt, "reject" if prompt.revision <= 2 and prompt.about == "approval" else prompt.options[0])
        world.prepare()
        if any(p.revision == 3 for p in world.cycle.prompts.values()):
            break


def all_booked(world: World) -> None:
    """A full group, the seminar announced, three stays confirmed: a cancellation has much to undo."""
    full_desk(world)
    for slot, held in bookings(world):
        if held.host:
            host_says(world, held.host, slot, "confirm")
    world.collect()
    go(world, 23)
    if world.stream.chance(60) and world.running:
        world.say(Cancel(at=world.now, actor=ANTTI, reason="n_war"))


def surveyed(world: World) -> None:
    all_but_cancelled(world)
    go(world, 63)


def all_but_cancelled(world: World) -> None:
    half_confirmed(world)
    full_desk(world)
    go(world, 40)


def asked_for_letters(world: World) -> None:
    """Decisions wait for approval while dates may still move."""
    world.go_to(day(22))
    for prompt in world.cycle.prompts.values():
        if prompt.step == "invitations":
            world.answer(prompt, "approve")
    world.go_to(world.now + timedelta(days=1))


DEEP: tuple[Act, ...] = (
    full_desk, offers_out, half_confirmed, come_late, rejected, all_booked, surveyed, asked_for_letters
)  # fmt: skip


def begin_deep(world: World) -> None:
    """Half of the runs."""
    if world.stream.chance(50):
        start = world.stream.pick(DEEP)
        start(world)
        world.reached[f"starts with {start.__name__}"] += 1
