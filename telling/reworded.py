"""Words of a plan beside those that would take their place: each difference in a row of its own, with its language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from exchange.base import Text
from exchange.plan import Candidate, Session
from exchange.questions import Question, Wanted
from store.models import UNDETERMINED
from telling.names import Names

Row = tuple[str, str, str]
"""What, was, becomes."""
ORDER, YES, NO = "order", "yes", "no"
SAID = (ORDER, YES, NO)
NOTHING = "–"


@dataclass(frozen=True)
class Reworded:
    """The rows for what has words in it."""

    names: Names
    """For the plan as it would be."""
    texts: Mapping[str, Text] = field(default_factory=dict)
    """The words of paragraphs and reasons, by their references."""

    def text(self, what: str, was: Text, becomes: Text) -> Iterator[Row]:
        """What differs in each language; where there is but one, it is not named."""
        tongues = list(dict.fromkeys([*was, *becomes]))
        named = len(tongues) > 1 or len(self.names.plan.languages) > 1
        for code in tongues:
            if was.get(code, "") != becomes.get(code, ""):
                language = f" ({self.names.language(code)})" if named and code != UNDETERMINED else ""
                yield f"{what}{language}", self._in(code, was), self._in(code, becomes)

    def _in(self, code: str, text: Text) -> str:
        return self.names.pick({code: text[code]}) if text.get(code) else NOTHING

    def reference(self, what: str, was: str, becomes: str) -> Iterator[Row]:
        """Words that stand behind references."""
        yield from self.text(what, self._behind(was), self._behind(becomes))

    def _behind(self, ref: str) -> Text:
        if not ref:
            return {}
        return self.texts.get(ref) or {UNDETERMINED: self.names.words(ref)}

    def questions(
        self, what: str, was: Sequence[Question | Wanted], becomes: Sequence[Question | Wanted]
    ) -> Iterator[Row]:
        """Question by question, each by its id."""
        stood, stands = ({one.id: one for one in some} for some in (was, becomes))
        for ident, one in stands.items():
            where = f"{what}, {ident}"
            yield from (
                self._question(where, stood[ident], one) if ident in stood else [(where, NOTHING, self._asked(one))]
            )
        yield from ((f"{what}, {one.id}", self._asked(one), NOTHING) for one in was if one.id not in stands)
        before, after = [one for one in stood if one in stands], [one for one in stands if one in stood]
        if before != after:
            yield f"{what}, {self.names.said(ORDER)}", ", ".join(before), ", ".join(after)

    def _asked(self, one: Question | Wanted) -> str:
        """A question with the answers that there are to choose from."""
        asked = self.names.pick(one.text)
        return f"{asked} ({self._choices(one)})" if one.choices else asked

    def _choices(self, one: Question | Wanted) -> str:
        return " / ".join(str(self.names.pick(choice)) for choice in one.choices) or NOTHING

    def _question(self, where: str, was: Question | Wanted, becomes: Question | Wanted) -> Iterator[Row]:
        yield from self.text(where, was.text, becomes.text)
        for name in ("form", "sensitive"):
            before, after = getattr(was, name, None), getattr(becomes, name, None)
            if before != after:
                yield f"{where}, {name}", self._plain(before), self._plain(after)
        if len(was.choices) != len(becomes.choices):
            yield f"{where}, choices", self._choices(was), self._choices(becomes)
            return
        for number, (before, after) in enumerate(zip(was.choices, becomes.choices, strict=True), 1):
            yield from self.text(f"{where}, choices {number}", before, after)

    def _plain(self, value: object) -> str:
        return self.names.said(YES if value else NO) if isinstance(value, bool) else str(value)

    def sessions(self, what: str, was: Sequence[Session], becomes: Sequence[Session]) -> Iterator[Row]:
        """Session by session, where there are as many as before; else all of them."""
        if len(was) != len(becomes):
            yield what, self._spoken(was), self._spoken(becomes)
            return
        for number, (before, after) in enumerate(zip(was, becomes, strict=True), 1):
            where = f"{what}, {number}"
            yield from self.text(where, before.title, after.title)
            times = [self.names.span(one.begins, one.ends) for one in (before, after)]
            if times[0] != times[1]:
                yield where, times[0], times[1]
            if before.speaker != after.speaker:
                who = [self.names.who(one.speaker) if one.speaker else NOTHING for one in (before, after)]
                yield f"{where}, speaker", who[0], who[1]

    def _spoken(self, sessions: Sequence[Session]) -> str:
        return ", ".join(map(self._session, sessions)) or NOTHING

    def _session(self, session: Session) -> str:
        title = self.names.pick(session.title)
        return f"{title} ({self.names.who(session.speaker)})" if session.speaker else title

    def candidates(self, what: str, was: Sequence[Candidate], becomes: Sequence[Candidate]) -> Iterator[Row]:
        """Who is asked, and in which order; and what differs about a host that is asked as before."""
        before, after = ([one.host for one in some] for some in (was, becomes))
        if before != after:
            yield what, self._hosts(was), self._hosts(becomes)
        stood = {one.host: one for one in was}
        for one in becomes:
            if (host := stood.get(one.host)) is not None:
                yield from self._candidate(f"{what}, {one.host}", host, one)

    def _candidate(self, where: str, was: Candidate, becomes: Candidate) -> Iterator[Row]:
        if was.contact != becomes.contact:
            yield f"{where}, contact", self.names.who(was.contact), self.names.who(becomes.contact)
        if was.cents != becomes.cents:
            yield f"{where}, cost", self.names.money(was.cents), self.names.money(becomes.cents)
        yield from self.reference(f"{where}, reason", was.reason, becomes.reason)

    def _hosts(self, candidates: Sequence[Candidate]) -> str:
        return ", ".join(map(self._host, candidates)) or NOTHING

    def _host(self, candidate: Candidate) -> str:
        why = f", “{words}”" if (words := self.names.text(candidate.reason)) else ""
        return f"{self.names.host(candidate.host)} ({self.names.money(candidate.cents)}{why})"
