"""A small world to write letters about: the plan of one year, its people, and the facts of every kind of letter."""

# ruff: noqa: E501 - each text stands in its three languages side by side

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

from exchange.mail import Entry, LetterKind
from exchange.plan import (
    Budget,
    Candidate,
    CyclePlan,
    Feedback,
    Funder,
    Invitations,
    Organisation,
    Registration,
    Report,
    Seminar,
    Session,
    Slot,
    Visits,
    When,
)
from exchange.questions import Question
from letters.compose import Composed, compose
from letters.facts import LetterFacts, Reader, Sender
from tests.letters.tongues import more

KINDS: tuple[LetterKind, ...] = get_args(LetterKind)
SENDER = Sender(name="Helsinki City Library", address="exchange@library.example")
SENT_AT = datetime(2012, 1, 9, 8, 30, tzinfo=UTC)
MESSAGE_ID = "<l-0001@library.example>"
ORGANISER = Reader(
    ref="s_ritva", name="Ritva Hakala", address="ritva.hakala@library.example", language="fi", zone="Europe/Helsinki"
)
ANNA = Reader(ref="p_anna", name="Anna Petrova", address="anna@kaliningrad.example", language="en", zone="")


def when(local: str, zone: str = "Europe/Kaliningrad") -> When:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return When(local=local, zone=zone, at=at)


def text(en: str, fi: str, ru: str) -> dict[str, str]:
    return {"en": en, "fi": fi, "ru": ru, **more(en)}


SEMINAR = Seminar(
    id="introduction",
    title=text("Introductory seminar", "Aloitusseminaari", "Вводный семинар"),
    place={},
    organisation="kaliningrad",
    begins=when("2012-02-14T10:00"),
    ends=when("2012-02-14T16:30"),
    announce=when("2012-02-06T09:00"),
    cents=180_000,
    sessions=(
        Session(
            title=text("What a library needs to know", "Mitä kirjaston pitää osata", "Что должна уметь библиотека"),
            begins=when("2012-02-14T10:15"), ends=when("2012-02-14T11:45"), speaker="p_lena",
        ),
        Session(
            title=text("From idea to project", "Ideasta hankkeeksi", "От идеи к проекту"),
            begins=when("2012-02-14T13:00"), ends=when("2012-02-14T14:30"), speaker="p_jens",
        ),
        Session(
            title=text("Questions for the hosts", "Kysymyksiä isännille", "Вопросы к принимающим библиотекам"),
            begins=when("2012-02-14T15:00"), ends=when("2012-02-14T16:30"),
        ),
    ),
)  # fmt: skip

VISITS = Visits(
    id="visits",
    title=text(
        "Visits to Nordic libraries", "Vierailut pohjoismaisiin kirjastoihin", "Визиты в библиотеки Северных стран"
    ),
    prepare=when("2011-11-01T09:00"),
    answer_within=timedelta(days=14),
    slots=(
        Slot(
            id="first",
            begins=when("2012-04-16T10:00", "Europe/Helsinki"),
            ends=when("2012-04-18T15:00", "Europe/Helsinki"),
            candidates=(
                Candidate(host="helsinki", contact="p_maija", reason="n_helsinki", cents=420_000),
                Candidate(host="malmo", contact="p_karin", reason="n_malmo", cents=390_000),
            ),
        ),
        Slot(
            id="second",
            begins=when("2012-04-19T09:00", "Europe/Copenhagen"),
            ends=when("2012-04-20T14:00", "Europe/Copenhagen"),
            candidates=(Candidate(host="aarhus", contact="p_jens"),),
        ),
    ),
)

PLAN = CyclePlan(
    id="cycle-adventure-2012-competences",
    programme="adventure",
    programme_name=text("An exciting adventure", "Jännittävä seikkailu", "Увлекательное приключение"),
    theme="competences",
    theme_name=text(
        "Staff competences and projects", "Henkilöstön osaaminen ja hankkeet", "Компетенции сотрудников и проекты"
    ),
    year=2012,
    languages=("en", "fi", "ru"),
    zone="Europe/Kaliningrad",
    starter="s_ritva",
    organisations=(
        Organisation(
            id="kaliningrad",
            name=text("Kaliningrad Regional Library", "Kaliningradin aluekirjasto", "Калининградская областная библиотека"),
            kind="regional library", country="RU", city="Kaliningrad", zone="Europe/Kaliningrad",
        ),
        Organisation(id="gusev", name=text("Gusev Library", "Gusevin kirjasto", "Гусевская библиотека"), country="RU"),
        Organisation(
            id="helsinki",
            name=text("Helsinki City Library", "Helsingin kaupunginkirjasto", "Городская библиотека Хельсинки"),
            country="FI", city="Helsinki", zone="Europe/Helsinki",
        ),
        Organisation(
            id="malmo", name=text("Malmö City Library", "Malmön kaupunginkirjasto", "Городская библиотека Мальмё"),
            country="SE", city="Malmö", zone="Europe/Stockholm",
        ),
        Organisation(
            id="aarhus", name=text("Aarhus Public Libraries", "Aarhusin kirjastot", "Библиотеки Орхуса"),
            country="DK", city="Aarhus", zone="Europe/Copenhagen",
        ),
    ),
    homes={"p_anna": "kaliningrad", "p_boris": "gusev"},
    budget=Budget(
        cap=2_000_000,
        funders=(
            Funder(
                name=text("The Nordic fund for co-operation", "Pohjoismainen yhteistyörahasto", "Северный фонд сотрудничества"),
                cents=1_500_000,
            ),
            Funder(
                name=text("the participating libraries", "osallistuvat kirjastot", "библиотеки-участницы"), cents=500_000
            ),
        ),
    ),
    steps=(
        Invitations(
            id="invitations", title=text("Invitations", "Kutsut", "Приглашения"), prepare=when("2012-01-09T09:00"),
            registration="registration", people=("p_anna", "p_boris"), letter="n_welcome",
        ),
        Registration(
            id="registration", title=text("Registration", "Ilmoittautuminen", "Регистрация"),
            opens=when("2012-01-09T09:00"), closes=when("2012-02-03T23:59"), capacity=15, per_library=2,
        ),
        SEMINAR,
        VISITS,
        Seminar(
            id="final", form="final", title=text("Final seminar", "Päätösseminaari", "Заключительный семинар"),
            organisation="kaliningrad", begins=when("2012-06-05T10:00"), ends=when("2012-06-06T13:00"),
            announce=when("2012-05-21T09:00"),
        ),
        Feedback(
            id="feedback", title=text("Feedback", "Palaute", "Отзывы"), opens=when("2012-06-07T09:00"),
            closes=when("2012-06-21T23:59"),
            questions=(
                Question(id="new", text=text("Did you learn something new?", "Opitko jotain uutta?", "Узнали ли Вы что-то новое?")),
                Question(
                    id="gains", form="choice",
                    text=text("What did the exchange give you?", "Mitä vaihto antoi sinulle?", "Что дал Вам обмен?"),
                    choices=(text("Ideas", "Ideoita", "Идеи"), text("New contacts", "Uusia kontakteja", "Новые контакты")),
                ),
                Question(id="more", form="text", text=text("What else?", "Mitä muuta?", "Что ещё?")),
            ),
        ),
        Report(id="report", title=text("Report", "Raportti", "Отчёт"), due=when("2012-08-01T09:00")),
    ),
)  # fmt: skip

TEXTS = {
    "n_subject": text("From idea to project", "Ideasta hankkeeksi", "От идеи к проекту"),
    "n_welcome": text(
        "The round begins in winter.\n\nBring a project of your own, however small.",
        "Kierros alkaa talvella.\n\nTuo mukanasi oma hanke, pienikin riittää.",
        "Цикл начинается зимой.\n\nПривезите свой проект, пусть даже небольшой.",
    ),
    "n_helsinki": text(
        "Your staff have learned from each other for years, and you have told about it openly.",
        "Henkilöstönne on vuosia oppinut toisiltaan, ja olette kertoneet siitä avoimesti.",
        "Ваши сотрудники много лет учатся друг у друга и открыто об этом рассказывают.",
    ),
}
NAMES = {"p_lena": "Elena Smirnova", "p_jens": "Jens Holm", "p_maija": "Maija Laine"}
UNTIL = "2012-02-08T15:00:00+00:00"

_SEMINAR_ENTRY = Entry(uid=f"{PLAN.id}/introduction", step="introduction")
_VISIT_ENTRY = Entry(uid=f"{PLAN.id}/visits/first/helsinki", step="visits", slot="first", host="helsinki")
_STAY: dict[str, Any] = {"step": "visits", "slot": "first", "host": "helsinki"}


_WAS = {
    "was": when("2012-04-02T09:00", "Europe/Helsinki").model_dump_json(),
    "was_ends": when("2012-04-04T16:00", "Europe/Helsinki").model_dump_json(),
}


def _cancel(entry: Entry) -> Entry:
    return entry.model_copy(update={"method": "CANCEL", "sequence": entry.sequence + 1})


_OWN: dict[str, dict[str, Any]] = {
    "invitation": {"step": "invitations"},
    "invitation_reminder": {"step": "invitations"},
    "deadline_moved": {"step": "registration"},
    "deadline_extended": {"step": "registration", "facts": {"until": UNTIL}},
    "application_received": {"step": "registration"},
    "nomination_invitation": {"step": "invitations", "host": "district"},
    "nomination_reminder": {"step": "invitations", "host": "district"},
    "nomination_moved": {"step": "registration", "host": "district"},
    "nomination_request": {
        "step": "registration",
        "facts": {"until": UNTIL, "home": "district", "people": "p_anna p_speaker", "number": "1"},
    },
    "place_confirmed": {"step": "registration"},
    "place_waiting": {"step": "registration", "facts": {"position": "3"}},
    "place_offered": {"step": "registration", "facts": {"until": UNTIL}},
    "offer_expired": {"step": "registration"},
    "no_place": {"step": "registration"},
    "place_withdrawn": {"step": "registration", "entries": (_cancel(_SEMINAR_ENTRY), _cancel(_VISIT_ENTRY))},
    "cycle_suspended": {},
    "cycle_resumed": {},
    "seminar_programme": {"step": "introduction", "entries": (_SEMINAR_ENTRY,)},
    "seminar_speaker": {"step": "introduction", "entries": (_SEMINAR_ENTRY,)},
    "seminar_changed": {"step": "introduction", "entries": (_SEMINAR_ENTRY.model_copy(update={"sequence": 1}),)},
    "programme_changed": {"step": "introduction"},
    "speaker_released": {"step": "introduction", "entries": (_cancel(_SEMINAR_ENTRY),)},
    "host_request": _STAY,
    "host_reminder": {**_STAY, "facts": {"until": UNTIL}},
    "host_confirmed": {**_STAY, "entries": (_VISIT_ENTRY,)},
    "host_changed": {**_STAY, "entries": (_VISIT_ENTRY.model_copy(update={"sequence": 1}),)},
    "host_released": {**_STAY, "entries": (_cancel(_VISIT_ENTRY),)},
    "host_thanks": _STAY,
    "visit_booked": {**_STAY, "entries": (_VISIT_ENTRY,)},
    "still_coming": {**_STAY, "entries": (_VISIT_ENTRY.model_copy(update={"sequence": 1}),), "facts": _WAS},
    "still_coming_reminder": _STAY,
    "host_date_kept": _STAY,
    "visit_cancelled": {**_STAY, "entries": (_cancel(_VISIT_ENTRY),)},
    "survey": {"step": "feedback"},
    "survey_reminder": {"step": "feedback"},
    "thanks": {},
    "new_link": {"facts": {"links": "place= host=visits/first/helsinki feedback=feedback"}},
    "answer_accepted": {"facts": {"answer": "Nominate", "received": UNTIL, "links": "nominate=registration/district"}},
    "answer_refused": {
        "facts": {
            "answer": "Register",
            "received": UNTIL,
            "name": "RegistrationClosed",
            "why": f'{{"since": "{UNTIL}"}}',
            "links": "invitation=registration",
        }
    },
    "address_changed": {"facts": {"formerly": "0", "at": UNTIL, "address": "a…@l….example"}},
    "word": {"step": "word_1", "facts": {"subject": "n_subject", "text": "n_welcome", "by": "s_ritva"}},
    "copy": {"step": "introduction", "entries": (_SEMINAR_ENTRY,)},
    "erasure_asked": {},
    "data_kept_until": {"facts": {"until": UNTIL}},
    "cycle_cancelled": {"entries": (_cancel(_SEMINAR_ENTRY), _cancel(_VISIT_ENTRY))},
}
PROMPT = {
    "about": "approval", "step": "invitations", "role": "coordinator", "due": UNTIL, "letters": "24",
    "languages": "en,fi,ru", "cents": "420000", "command": "kierros approve approve-invitations-1",
}  # fmt: skip


def facts(kind: LetterKind, language: str = "en", **changes: Any) -> LetterFacts:
    """The facts of one letter of that kind to Anna (to the coordinator, where it is for staff)."""
    staff = kind.startswith("decision_") or kind in {"copy", "data_kept_until"}
    reader = (ORGANISER if staff else ANNA).model_copy(update={"language": language})
    if kind == "seminar_speaker":
        reader = reader.model_copy(update={"ref": "p_jens", "name": "Jens Holm", "address": "jens@aarhus.example"})
    own = {"prompt": PROMPT} if kind.startswith("decision_") else _OWN[kind]
    if kind == "copy":
        own = {**own, "facts": {"copied": "seminar_programme", "language": language}}
    given = {"plan": PLAN, "kind": kind, "reader": reader, "organiser": ORGANISER, "names": NAMES, "texts": TEXTS}
    return LetterFacts.model_validate({**given, **own, **changes})


def letter(kind: LetterKind, language: str = "en", **changes: Any) -> Composed:
    """That letter, composed."""
    return compose(facts(kind, language, **changes), message_id=MESSAGE_ID, sender=SENDER, sent_at=SENT_AT)
