"""Somebody is erased: her place goes to the next, she is asked for nothing more, and twice is once."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from exchange import cycle as rules
from exchange.base import TIME, Command, Event, Refusal
from exchange.correspondence import held, letters, ordered
from exchange.desk import fitting
from exchange.erasing import Erase, PersonErased, WasErased
from exchange.moving import Move
from exchange.prompt import NotYourDecision
from exchange.registration import PlaceOffered, Register
from exchange.suspending import Resume, Suspend
from tests.builders import (
    ANTTI,
    OLGA,
    after,
    answer,
    approval,
    begun,
    day,
    invitations,
    on,
    passed,
    register,
    registration,
    seminar,
    session,
    slot,
    visits,
    withdraw,
)
from tests.exchange.acting import chosen
from tests.exchange.starts import begin_deep
from tests.exchange.variety import PEOPLE, Stream
from tests.exchange.world import World
from tests.given import given, refuses


def erase(person: str, actor: str = "", at: float = 3, **more: object) -> Erase:
    return Erase.model_validate({"at": day(at), "actor": actor or person, "person": person, **more})


def full():
    return after(begun(registration(capacity=1)), register("p_anna"), register("p_boris"), register("p_vera"))


def kinds(events: list) -> list[str]:
    return [type(event).__name__ for event in events]


def test_her_place_is_offered_to_the_next_and_nobody_writes_to_her():
    cycle = full()
    events = rules.decide(cycle, erase("p_anna"))
    assert [type(e) for e in events] == [PersonErased, PlaceOffered]
    assert events[1].person == "p_boris"
    assert {person for mail in ordered(cycle, events) for person in mail.to} == {"p_boris"}
    assert rules.fold(cycle, events).desk("registration").confirmed == 0


def test_one_who_waits_leaves_the_line():
    cycle = after(full(), erase("p_boris"), withdraw("p_anna", at=day(4)))
    assert dict(cycle.desk("registration").offers).keys() == {"p_vera"}


def test_an_offer_to_her_goes_to_the_next():
    cycle = after(full(), withdraw("p_anna", at=day(2)))
    events = rules.decide(cycle, erase("p_boris"))
    assert kinds(events) == ["PersonErased", "PlaceOffered"]
    assert events[1].person == "p_vera"


def test_twice_is_once():
    assert rules.decide(after(full(), erase("p_anna")), erase("p_anna", actor=OLGA)) == []


def test_one_who_never_answered_is_not_awaited_any_more():
    cycle = after(begun(invitations(), registration()), erase("p_anna", at=-1))
    assert "p_anna" not in {person for mail in held(cycle, "invitations") for person in mail.to}
    assert kinds(rules.decide(cycle, erase("p_boris", at=0))) == ["PersonErased"]


@refuses(WasErased("p_anna"))
def test_her_answer_that_still_lay_in_the_inbox_is_refused():
    return given(after(full(), erase("p_anna"))).when(register("p_anna", at=day(4)))


@refuses(WasErased("p_anna"))
def test_staff_decide_nothing_for_her_either():
    return given(after(full(), erase("p_anna"))).when(Register(at=day(4), actor=OLGA, person="p_anna"))


def test_it_is_hers_to_ask_or_time_s_or_that_of_staff_with_a_role():
    cycle = full()
    assert rules.decide(cycle, erase("p_anna"))[0].role == ""
    assert rules.decide(cycle, erase("p_anna", actor=TIME))[0].role == ""
    assert rules.decide(cycle, erase("p_anna", actor=OLGA))[0].role == "coordinator"
    assert rules.decide(cycle, erase("p_anna", actor="s_gone", role="coordinator"))[0].role == "coordinator"
    with pytest.raises(NotYourDecision):
        rules.decide(cycle, erase("p_anna", actor="p_boris"))


def test_while_all_stands_still_she_goes_at_once_and_her_place_when_it_goes_on():
    cycle = after(full(), Suspend(at=day(2), actor=ANTTI, reason="n_war"))
    events = rules.decide(cycle, erase("p_anna"))
    assert kinds(events) == ["PersonErased"]
    onward = rules.decide(rules.fold(cycle, events), Resume(at=day(4), actor=ANTTI))
    assert [e.person for e in onward if isinstance(e, PlaceOffered)] == ["p_boris"]


def test_a_speaker_s_programme_that_waits_is_made_ready_anew():
    programme = seminar(approval=approval(), sessions=(session("p_speaker"), session()))
    cycle = passed(after(begun(registration(), programme), register("p_anna")), 22)
    was = cycle.approving("intro").revision
    cycle = after(cycle, erase("p_speaker", at=22))
    assert cycle.approving("intro").revision == was + 1
    assert {mail.kind for mail in held(cycle, "intro")} == {"seminar_programme"}


def test_what_the_record_found_to_name_her_is_made_ready_anew():
    programme = seminar(approval=approval())
    cycle = passed(after(begun(registration(), programme), register("p_anna"), register("p_boris")), 22)
    was = cycle.approving("intro").revision
    assert after(cycle, erase("p_boris", at=22)).approving("intro").revision == was
    assert after(cycle, erase("p_boris", at=22, steps=("intro",))).approving("intro").revision == was + 1


def test_she_is_not_asked_any_more_whether_she_comes():
    stays = visits(slot("first", 40, "helsinki", "malmo"))
    cycle = passed(begun(registration(capacity=3), stays), 2)
    cycle = after(cycle, register("p_anna"), register("p_boris"), answer("helsinki", "confirm"))
    said = {"at": day(5), "actor": OLGA, "step": "visits", "slot": "first", "reason": "n_ferry"}
    cycle = after(cycle, Move(**said, when=on(43), ends=on(45)))
    assert cycle.booking("visits", "first").call.silent() == ["p_anna", "p_boris"]
    call = after(cycle, erase("p_anna", at=6)).booking("visits", "first").call
    assert (call.silent(), call.open) == (["p_boris"], 1)


def test_all_later_letters_leave_her_out():
    stays = visits(slot("first", 40, "helsinki", "oslo"), fallback="automatic")
    cycle = passed(begun(registration(), stays), 2)
    cycle = after(cycle, register("p_anna"), register("p_boris"), erase("p_anna"))
    events = rules.decide(cycle, answer("helsinki", "confirm"))
    told = {person for mail in ordered(cycle, events) for person in mail.to}
    assert "p_boris" in told
    assert "p_anna" not in told


# -- whole cycles ------------------------------------------------------------------------------------------------------


class Forgetting(World):
    """A world in which people are erased at any moment; it looks only at what erasing could break."""

    def do(self, command: Command) -> list[Event]:
        before = self.cycle
        followed = rules.decide(before, command)
        for event in followed:
            now = rules.evolve(self.cycle, event)
            told = {person for mail in letters(self.cycle, event, now) for person in mail.to}
            assert not told & set(now.erased), f"26: {type(event).__name__} writes to somebody who was erased"
            self.cycle = now
        self.journal += followed
        self._looked(command)
        return followed

    def _refused(self, _command: Command, refusal: Refusal) -> None:
        self.reached[f"refused {refusal.name}"] += 1

    def _looked(self, command: Command) -> None:
        cycle = self.cycle
        for step in cycle.desks_in_plan():
            desk = cycle.desk(step.id)
            assert desk.taken <= desk.capacity, "7: more places than there are"
            assert not any(desk.people[p].live for p in cycle.erased if p in desk.people), "26: she stands there still"
            waits = cycle.phase == "running" and not desk.over and not desk.owed and desk.free
            last = cycle.offers_until(step)
            if waits and (last is None or command.onward["at"] < last):
                assert not fitting(desk, 1, step.per_library), "8: somebody waits beside a free place"

    def somebody_is_erased(self) -> None:
        offered = [person for desk in self.cycle.desk_books.values() for person, _ in desk.offers]
        person = self.stream.pick([*(offered or PEOPLE), *(offered or PEOPLE), *PEOPLE, "p_speaker"])
        state = [p.state for d in self.cycle.desk_books.values() if (p := d.people.get(person)) and p.live]
        still = "while all stands still" if self.cycle.standstill else f"at {self.cycle.current}"
        self.reached[f"erased {still}"] += 1
        self.reached[f"erased {state[0] if state else 'outside'}"] += 1
        wish = Erase(at=self.now, actor=self.stream.pick([person, OLGA, TIME]), person=person)
        again = person in self.cycle.erased
        assert bool(self.do(wish)) is not again
        assert self.do(wish) == [], "26: twice is not once"
        self.prepare()


def test_whole_cycles_with_people_erased_in_every_step():
    reached: Counter[str] = Counter()
    for seed in range(90):
        world = Forgetting(Stream(random.Random(seed).randbytes(260)), reached)
        world.watch.outbox.hold = lambda *_: None
        begin_deep(world)
        while not world.stream.spent and world.running:
            if world.stream.chance(12):
                world.somebody_is_erased()
            if world.running:
                chosen(world)(world)
            if world.running and world.stream.chance(70):
                world.collect()
        world.finish()
        world.fold_again()
    for state in ("confirmed", "waiting", "offered", "applied", "outside"):
        assert reached[f"erased {state}"] >= 5, (state, reached)
    for step in ("invitations", "registration", "intro", "visits", "final", "feedback", "report"):
        assert reached[f"erased at {step}"] >= 3, (step, reached)
    assert reached["erased while all stands still"] >= 3
    assert reached["refused WasErased"] >= 10
