"""Planted faults: each is one small change of a rule that the property suite must notice.

A fault is the file, the words as they stand, and the words that make it wrong. Where the rules are rewritten and the
words are no longer found, the test says so: then the fault is planted anew in the new words.
"""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    file: str
    right: str
    wrong: str
    tests: str = ""
    """The file here whose tests notice it; without it, the cycles that the suite lives through do."""


MUTANTS = {
    "the last who asked is served first": Mutant(
        "desk.py", "            yield from line\n", "            yield from reversed(line.keys())\n"
    ),
    "the plan's priority is turned round": Mutant(
        "desk.py",
        "sorted(self.queue.items(), key=lambda entry: int(entry[0]))",
        "sorted(self.queue.items(), key=lambda entry: -int(entry[0]))",
    ),
    "one place too many": Mutant(
        "desk.py", "return max(0, self.capacity - self.taken)", "return max(0, self.capacity + 1 - self.taken)"
    ),
    "an offered place counts as free": Mutant(
        "desk.py", "return self.confirmed + len(self.offers)", "return self.confirmed"
    ),
    "the limit per library lets one more in": Mutant(
        "desk.py", "(desk.by_home.get(home) or 0) >= per_library", "(desk.by_home.get(home) or 0) > per_library"
    ),
    "the limit holds back everybody behind": Mutant(
        "desk.py",
        "            chosen.append(person)\n            desk =",
        "            chosen.append(person)\n        else:\n            break\n        if chosen:\n            desk =",
    ),
    "whoever leaves keeps her library's place": Mutant(
        "desk.py", 'changes["by_home"] = self._home(place.home, -1)', 'changes["by_home"] = self._home(place.home, 0)'
    ),
    "whoever comes back keeps her old turn": Mutant(
        "desk.py", "line.put(person, 1))", "Keyed([(person, 1), *line.items()]))"
    ),
    "a withdrawal frees nothing": Mutant(
        "offering.py", "DelegateWithdrawn, OfferDeclined, OfferExpired", "OfferDeclined, OfferExpired"
    ),
    "an offer never expires": Mutant(
        "registration.py", "        if desk.offers:\n", "        if desk.offers and step.capacity > 99:\n"
    ),
    "an offer goes to two": Mutant("offering.py", "room = min(desk.free, ", "room = min(desk.free + 1, "),
    "offers that are owed are forgotten": Mutant(
        "registration.py", "owed=event.at if event.more else None", "owed=None"
    ),
    "those who wait to the end are told again and again": Mutant("offering.py", '"over": True', '"over": False'),
    "those who wait to the end are not told": Mutant(
        "farewell.py", "if not after.desk(step.id).over]", "if after.desk(step.id).over]"
    ),
    "those who wait are told while a seminar may still move": Mutant(
        "offering.py", "if step.offers_until is None and not _all_held(cycle):", "if not cycle.position:"
    ),
    "what is owed is owed for ever": Mutant("offering.py", 'update={"owed": None}', "update={}"),
    "an offer is accepted after its end": Mutant(
        "registration.py",
        "if place.until is not None and command.at > place.until:",
        "if place.until is None:",
        "test_refused_places.py",
    ),
    "a person registers twice": Mutant(
        "registration.py", "if place is not None and place.live:", 'if place is not None and place.state == "waiting":'
    ),
    "a newcomer passes over those who wait": Mutant(
        "registration.py", " and not fitting(desk, 1, step.per_library)", ""
    ),
    "capacity below those who have a place": Mutant(
        "registration.py", "if command.capacity < max(1, taken):", "if command.capacity < 1:"
    ),
    "the desk closes before the invitations are out": Mutant(
        "registration.py", 'elif desk.stage == "open" and cycle.reached(step.id):', 'elif desk.stage == "open":'
    ),
    "a reminder after the deadline": Mutant(
        "invitation.py",
        "over = now >= cycle.desk_step(step.registration)",
        "over = now < cycle.desk_step(step.registration)",
    ),
    "a reminder to those who answered": Mutant(
        "invitation.py",
        "return [person for person in step.people if person not in answers]",
        'return [person for person in step.people if answers.get(person) != "registered"]',
    ),
    "a burst of reminders after an absence": Mutant("invitation.py", "return not late and since", "return since"),
    "a reminder of the survey to those who answered": Mutant(
        "feedback.py", "for person in cycle.participants() if person not in given", "for person in cycle.participants()"
    ),
    "a host is reminded after its deadline": Mutant(
        "visit.py", "missed = booking.until is not None and command.at >= booking.until", "missed = False"
    ),
    "a burst of reminders after a standstill": Mutant(
        "suspending.py", "if number > reminded and when.at <= now]", "if number > reminded and when.at > now]"
    ),
    "an offer runs out while all stands still": Mutant(
        "desk.py",
        "until = was + pause if last is None else min(was + pause, max(was, last))",
        "until = was if last is None else min(was, max(was, last))",
    ),
    "staff change the places while all stands still": Mutant(
        "cycle.py", "isinstance(command, suspending.WHILE_SUSPENDED)", "type(command) in STAFF"
    ),
    "feedback twice": Mutant("feedback.py", "if command.person in survey.given:", "if not command.person:"),
    "feedback of whoever did not take part": Mutant(
        "feedback.py", "if not cycle.took_part(command.person):", "if not command.person:"
    ),
    "an approval without the second person": Mutant(
        "prompt.py", "if not fresh_eyes(cycle, prompt, actor):", "if not actor:"
    ),
    "whoever moved the date approves it": Mutant(
        "eyes.py", "if actor not in {TIME, PLAN, *state.hands}:", "if not actor:"
    ),
    "whoever replaced the speaker approves the programme": Mutant(
        "replacing.py", "had_a_hand(cycle, _naming(cycle, step), event.actor)", "had_a_hand(cycle, [], event.actor)"
    ),
    "a speaker's entry comes back under its old number": Mutant(
        "replacing.py", ".sequence + 2)", ".sequence)", "test_replacing.py"
    ),
    "more time is given twice": Mutant("extending.py", "get(person)) is not None:", "get(person)) is None:"),
    "more time than there is": Mutant("extending.py", "if last is not None and until > last:", "if until == last:"),
    "who has more time is reminded with all others": Mutant(
        "invitation.py", "if person not in longer]", "if person or longer]"
    ),
    "who has more time is told the date of all others": Mutant(
        "invitation_mail.py",
        "if person not in longer]\n    about",
        "if person or longer]\n    about",
        tests="test_extending.py",
    ),
    "an answer after her own time": Mutant("registration.py", "and command.at <= given.until", "and given.until"),
    "an offer that is kept longer ends as it did": Mutant(
        "desk.py",
        "offers=(*others[:turn], (person, until), *others[turn:]),\n        )\n\n    def reminded",
        "offers=self.offers,\n        )\n\n    def reminded",
    ),
    "who comes last waits before those who asked in time": Mutant(
        "desk.py", "if not self.selected:", "if self.stage:", "test_extending.py"
    ),
    "what was left behind hides what is before it": Mutant(
        "order.py", "reversed(_known(before))", "_known(before)[-1:]", "test_refused_order.py"
    ),
    "an approval after the day": Mutant("lateness.py", "if step.begins.at <= now else None", "if not now else None"),
    "an approval by anybody": Mutant(
        "prompt.py", "    if role is None:\n        raise", "    if role is None and not roles:\n        raise"
    ),
    "the deputy before her turn": Mutant(
        "prompt.py", "if prompt.passed and prompt.deputy else", "if prompt.deputy else"
    ),
    "an approval is taken twice": Mutant("prompt.py", "prompts=cycle.prompts.drop(event.prompt), answered", "answered"),
    "a later answer is told another": Mutant(
        "prompt.py",
        "raise AlreadyDecided(prompt_id, answer.option, answer.by, answer.at)",
        'raise AlreadyDecided(prompt_id, "approve", answer.by, answer.at)',
    ),
    "letters with the old date stay approved": Mutant(
        "moving.py",
        "return [event] if unseen else [event, *answered, *remade(cycle, command, step.id)]",
        "return [event]",
    ),
    "a second move in a day makes a second letter": Mutant(
        "host_mail.py", "told(resting, slot, person), [])", "told(None, slot, person), [])"
    ),
    "a visit that goes back asks whether people can come to what they know": Mutant(
        "calling.py", "if not same(told(resting, was, person), to)", "if person"
    ),
    "an answer about an earlier date counts": Mutant(
        "coming.py", "command.when is not None and command.when.at != slot.begins.at", "False"
    ),
    "a date moves beyond the next step": Mutant(
        "order.py", "(mine, later) for later in _known(after)", "(mine, later) for later in _known(after)[:0]"
    ),
    "visits are booked before they are approved": Mutant(
        "approval.py",
        "return [PreparationBegan(**command.said, step=command.step, revision=revision)]",
        "more = [StepApproved(**command.said, step=command.step, revision=revision)] if revision == 1 else []\n"
        "            return [PreparationBegan(**command.said, step=command.step, revision=revision), *more]",
    ),
    "one host for two stays at once": Mutant(
        "state.py", "booking.host == host\n", 'booking.host == host and slot.id == "third"\n'
    ),
    "a host is asked twice": Mutant(
        "unsettled.py", "if c.host not in {*booking.tried, booking.host}", "if c.host != booking.host"
    ),
    "a silent host holds the slot": Mutant(
        "visit.py",
        "return _lost(cycle, command, step, slot, HostFellSilent(**command.said, **about, host=host))",
        "return [HostFellSilent(**command.said, **about, host=host)]",
    ),
    "a host is asked on the day of the stay": Mutant(
        "visit.py",
        'until = min(said["at"] + step.answer_within, slot.begins.at)',
        'until = said["at"] + step.answer_within',
    ),
    "a prompt keeps the name of the one before": Mutant(
        "prompt.py", '"asked_staff": booking.asked_staff + 1', '"asked_staff": booking.asked_staff'
    ),
    "a late yes outlives its slot": Mutant(
        "visit.py", "    over = lapse(cycle, command, step, slot, late_too=True)\n", "    over: list[Event] = []\n"
    ),
    "a stay is made before its turn": Mutant(
        "visit.py",
        "return [Due(ends, HoldVisit(at=ends, **about))] if cycle.reached(step.id) else []",
        "return [Due(ends, HoldVisit(at=ends, **about))]",
    ),
    "a seminar is held before its turn": Mutant(
        "seminar.py",
        'if cycle.gathering(step.id).stage == "announced" and cycle.reached(step.id)',
        'if cycle.gathering(step.id).stage == "announced"',
    ),
    "a host without money": Mutant(
        "visit.py",
        "elif not cycle.affords(step.id, needed(cycle, step, slot, candidate), back):",
        "elif candidate.cents < 0:",
    ),
    "a commitment is given back twice": Mutant(
        "money.py", "after.committed - before.committed,", "after.committed - 2 * before.committed,"
    ),
    "a bill that came before its promise counts twice": Mutant(
        "money.py",
        "return self._without(*early)._changed(key, held, after)",
        'return self._changed(key, held, {**after, "spent": held.spent})',
    ),
    "a commitment is never settled": Mutant(
        "booking.py", "cycle.purse.settle(commitment(", "cycle.purse.release(commitment("
    ),
    "a seminar's money is given to a host": Mutant(
        "state.py", "self.purse.free + returned - sum(self.at_stake(s) for s in waiting)", "self.purse.free + returned"
    ),
    "a cancellation forgets a confirmed stay": Mutant(
        "cancelling.py", 'in {"asked", "proposed", "confirmed"}', 'in {"asked", "proposed"}'
    ),
    "a cancellation forgets the seminar": Mutant("cancelling.py", '.stage == "announced":', '.stage == "held":'),
    "a cancellation leaves decisions waiting": Mutant(
        "cancelling.py",
        "for p in reversed(cycle.prompts.values())",
        'for p in cycle.prompts.values() if p.about == "defect"',
    ),
    "a cancellation is not told to those who wait": Mutant(
        "farewell.py",
        "cycle.desk(s.id).people.items() if place.live)",
        'cycle.desk(s.id).people.items() if place.state == "confirmed")',
    ),
    "a cancellation leaves the entries": Mutant("farewell.py", "(*seminars.values(), *stays)", "()"),
    "whoever comes back gets an entry below its cancellation": Mutant(
        "state.py", '"sequence": booking.sequence + 2', '"sequence": booking.sequence'
    ),
    "a withdrawal leaves the entries behind": Mutant(
        "correspondence.py", "entries, known = _withdrawn(before, event.person)", "entries, known = ()"
    ),
    "an entry comes back below its cancellation": Mutant(
        "booking.py", "again = booking.sequence + bool(booking.sequence)", "again = 0"
    ),
    "the next host reads the old date": Mutant("booking.py", '"moved": booking.moved or approved', '"moved": False'),
    "what time asks is decided early": Mutant(
        "cycle.py", "return any(at_last(entry, asked.at) == asked for", "return any(True for"
    ),
    "what time asks for ever": Mutant("prompt.py", "if not prompt.reminded:", "if True:"),
    "a cycle ends with a decision waiting": Mutant(
        "cycle.py", "cycle.current or cycle.prompts or cycle.words", "cycle.current or cycle.words"
    ),
    "a letter of staff's own goes to whoever once waited": Mutant(
        "groups.py", "yield from cycle.desk(step.id).turns()", "yield from cycle.desk(step.id).people.keys()"
    ),
    "a cycle that never ends": Mutant(
        "state.py", 'cycle.survey(step.id).stage == "closed"', 'cycle.survey(step.id).stage == "never"'
    ),
    "the journal forgets a reminder": Mutant(
        "wire.py", "exclude_defaults=True", 'exclude_defaults=True, exclude={"number"}'
    ),
    "the state is carried without its order": Mutant(
        "keyed.py",
        "lambda keyed: keyed.items(), return_schema",
        "lambda keyed: sorted(keyed.items(), key=lambda e: e[0]), return_schema",
    ),
}
