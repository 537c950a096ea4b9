"""Words of staff's own: a letter to groups of people, and a paragraph in letters that wait to be approved."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from exchange.adding import AddParagraph
from exchange.groups import GROUPS, Word, readers
from exchange.prompt import Prompt
from exchange.writing import Write
from letters.catalogues import language_for
from plans.addresses import read_address
from plans.faults import Misread
from portal.acting import ONCE, NotDone, asked_of_rules, decide, ended, once
from portal.deeds import STANDING_IN, signed
from portal.faults import NotHere
from portal.forms import Field, Form
from portal.shown.staff_groups import MEANT
from portal.staff import Case, Colleague, signed_in, staff_page
from workers.held import addressed

SUBJECT, TEXT, PARAGRAPH = 150, 10_000, 2_000


def _letter(case: Case) -> Form:
    say, words = case.words.gettext, case.words
    groups = [
        (name, f"{words.gettext(MEANT[name])} ({words.number(len(readers(case.state, Word(id='', groups=(name,)))))})")
        for name in GROUPS
    ]
    fields = [
        Field("groups", say("To these groups"), kind="checkboxes", required=False, options=groups),
        Field("people", say("And to these addresses"), required=False, most=1_000, hint=say("Separated by commas.")),
    ]
    for code in case.state.plan.languages:
        tongue = case.names.language(code)
        fields += [
            Field(
                f"subject-{code}",
                say("Subject in %(language)s", language=tongue),
                required=False,
                most=SUBJECT,
                header=True,
            ),
            Field(
                f"text-{code}",
                say("Letter in %(language)s", language=tongue),
                kind="textarea",
                required=False,
                most=TEXT,
            ),
        ]
    copy = Field("copy", say("Copy"), kind="checkboxes", required=False, options=[("yes", say("Send me a copy"))])
    return Form(words, [*fields, copy])


def _checked(case: Case, form: Form) -> tuple[dict[str, tuple[str, str]], tuple[str, ...]]:
    """The letter by language, and who was named; what is wrong is put beside its field."""
    say, letter, people = case.words.gettext, {}, []
    for code in case.state.plan.languages:
        subject, text = form.word(f"subject-{code}"), form.word(f"text-{code}")
        if bool(subject) != bool(text):
            form.wrong(
                f"text-{code}" if subject else f"subject-{code}",
                say("A letter needs a subject and words. Fill in both, or neither."),
            )
        elif text:
            letter[code] = (subject, text)
    if not letter and not form.errors:
        form.wrong(f"subject-{case.state.plan.languages[0]}", say("Write the letter in at least one language."))
    for address in filter(None, (one.strip() for one in form.word("people").split(","))):
        try:
            found = case.who.house.store.by_address(case.id, read_address(address))
        except Misread:
            found = None
        if found is None:
            form.wrong("people", say("Nobody in this cycle has the address %(address)s.", address=address))
        else:
            people.append(found.ref)
    if not form.chosen("groups") and not form.word("people"):
        form.wrong("groups", say("Choose at least one group, or name somebody."))
    return letter, tuple(people)


@signed_in
def write(request: Request, who: Colleague) -> Response:
    """The form for a letter."""
    case = who.case(request.path_params["cycle"])
    return _write_page(request, case, _letter(case), ended(case))


def _write_page(request: Request, case: Case, form: Form, said: NotDone | None = None) -> Response:
    status = said.status if said else 422 if form.errors else 200
    return staff_page(request, case.who, "write.jinja", status, case=case, form=form, said=said)


@signed_in
def written(request: Request, who: Colleague) -> Response:
    """Shows who gets it in which language and how it reads; from that page, has it made ready for approval."""
    case, typed = who.case(request.path_params["cycle"]), request.state.form
    form = _letter(case).read(typed)
    letter, people = _checked(case, form)
    if typed.word("deed") == "change":
        form.errors.clear()
        return _write_page(request, case, form)
    if form.errors:
        return _write_page(request, case, form)
    wish = Write(
        **signed(case), groups=tuple(filter(None, form.chosen("groups"))), people=people,
        subject=STANDING_IN, text=STANDING_IN,
        copy_to_me=bool(form.word("copy")),
    )  # fmt: skip

    def kept(it: Write) -> Write:
        store, now = who.house.store, who.house.now()
        refs = [
            store.add_text(case.id, {code: both[part] for code, both in letter.items()}, kind, now)
            for part, kind in enumerate(("subject", "letter"))
        ]
        return it.model_copy(update={"subject": refs[0], "text": refs[1]})

    try:
        asked_of_rules(case, wish)
        if typed.word("deed") != "act":
            return _preview(request, case, form, wish, letter)
        decide(case, wish, typed.word(ONCE), lambda _: kept(wish))
    except NotDone as no:
        return _write_page(request, case, form, no)
    return RedirectResponse(f"{case.here}?done=write", 303)


def _preview(request: Request, case: Case, form: Form, wish: Write, letter: dict[str, tuple[str, str]]) -> Response:
    refs = readers(case.state, Word(id="", groups=wish.groups, people=wish.people))
    people, spoken = addressed(case.who.house.store, refs), case.state.plan.languages
    gets = [
        (case.names.who(ref), case.names.language(language_for(people[ref].language, spoken, tuple(letter))))
        for ref in refs if ref in people
    ]  # fmt: skip
    return staff_page(
        request, case.who, "written.jinja", case=case, form=form, mark=once(), gets=gets,
        letters=[(code, case.names.language(code), subject, text) for code, (subject, text) in letter.items()],
        hidden=[(key, value) for key, value in request.state.form.multi_items()
                if isinstance(value, str) and key not in {"seal", "deed", ONCE}],
    )  # fmt: skip


# -- a paragraph ----------------------------------------------------------------------------------------------------


def _approval(request: Request, who: Colleague) -> tuple[Case, Prompt]:
    """The decision whose letters get a paragraph.

    Raises:
        NotHere: it is none, or about no letters.
    """
    case = who.case(request.path_params["cycle"])
    prompt = case.state.prompts.get(request.path_params["prompt"])
    if prompt is None or prompt.about != "approval" or not prompt.letters:
        raise NotHere
    return case, prompt


def _paragraph_form(case: Case) -> Form:
    say = case.words.gettext
    return Form(case.words, [
        Field(f"text-{code}", say("Paragraph in %(language)s", language=case.names.language(code)), kind="textarea",
              required=False, most=PARAGRAPH)
        for code in case.state.plan.languages
    ])  # fmt: skip


@signed_in
def paragraph(request: Request, who: Colleague) -> Response:
    """The form for a paragraph, in each language of the plan."""
    case, prompt = _approval(request, who)
    return _paragraph_page(request, case, prompt, _paragraph_form(case))


def _paragraph_page(request: Request, case: Case, prompt: Prompt, form: Form, said: NotDone | None = None) -> Response:
    added = bool(case.state.approving(prompt.step).added)
    status = said.status if said else 422 if form.errors else 200
    back = f"/staff/decisions/{case.id}/{prompt.id}"
    return staff_page(
        request, case.who, "paragraph.jinja", status, case=case, form=form, said=said, added=added, back=back,
        mark=once(), step=case.names.step(prompt.step),
    )  # fmt: skip


@signed_in
def added(request: Request, who: Colleague) -> Response:
    """Adds it, or takes back what was added; the letters are made ready again, and wait anew."""
    case, prompt = _approval(request, who)
    form, back = _paragraph_form(case).read(request.state.form), request.state.form.word("deed") == "back"
    words = {code: text for code in case.state.plan.languages if (text := form.word(f"text-{code}"))}
    if not back and not words:
        form.wrong(
            f"text-{case.state.plan.languages[0]}", case.words.gettext("Write the paragraph in at least one language.")
        )
    if form.errors and not back:
        return _paragraph_page(request, case, prompt, form)
    wish = AddParagraph(**signed(case), step=prompt.step, text="" if back else STANDING_IN)
    store, now = who.house.store, who.house.now()

    def kept(_: object) -> AddParagraph:
        return wish if back else wish.model_copy(update={"text": store.add_text(case.id, words, "paragraph", now)})

    try:
        decide(case, wish, request.state.form.word(ONCE), kept)
    except NotDone as no:
        return _paragraph_page(request, case, prompt, form, no)
    return RedirectResponse(f"{case.here}?done={'without' if back else 'paragraph'}", 303)


routes = [
    Route("/staff/cycles/{cycle}/write", write, methods=["GET"]),
    Route("/staff/cycles/{cycle}/write", written, methods=["POST"]),
    Route("/staff/decisions/{cycle}/{prompt}/paragraph", paragraph, methods=["GET"]),
    Route("/staff/decisions/{cycle}/{prompt}/paragraph", added, methods=["POST"]),
]
