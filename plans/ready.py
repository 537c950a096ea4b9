"""Ready-made words for a plan: titles of steps, answer categories and questions, in the languages of our libraries.

The categories are not invented: they are what librarians said an exchange gave them. Sources: seeds 001 ("what
internationality can give") and 002 (how the first workshop's skills had been used); the four outcome questions ask
for knowledge, confidence, application and awareness.
"""

from __future__ import annotations

from exchange.base import Text
from exchange.questions import Question


def _text(en: str, fi: str, sv: str, da: str, nb: str, et: str, lv: str, lt: str, ru: str) -> Text:
    return {"en": en, "fi": fi, "sv": sv, "da": da, "nb": nb, "et": et, "lv": lv, "lt": lt, "ru": ru}


TITLES: dict[str, Text] = {
    "invitations": _text(
        "Invitations",
        "Kutsut",
        "Inbjudningar",
        "Invitationer",
        "Invitasjoner",
        "Kutsed",
        "Uzaicinājumi",
        "Kvietimai",
        "Приглашения",
    ),
    "registration": _text(
        "Registration",
        "Ilmoittautuminen",
        "Anmälan",
        "Tilmelding",
        "Påmelding",
        "Registreerimine",
        "Reģistrācija",
        "Registracija",
        "Регистрация",
    ),
    "seminar": _text(
        "Seminar", "Seminaari", "Seminarium", "Seminar", "Seminar", "Seminar", "Seminārs", "Seminaras", "Семинар"
    ),
    "visits": _text(
        "Visits to libraries",
        "Vierailut kirjastoihin",
        "Besök på bibliotek",
        "Besøg på biblioteker",
        "Besøk på bibliotek",
        "Raamatukogude külastused",
        "Vizītes bibliotēkās",
        "Vizitai bibliotekose",
        "Визиты в библиотеки",
    ),
    "feedback": _text(
        "Feedback",
        "Palaute",
        "Utvärdering",
        "Evaluering",
        "Evaluering",
        "Tagasiside",
        "Atsauksmes",
        "Atsiliepimai",
        "Отзывы",
    ),
    "report": _text("Report", "Raportti", "Rapport", "Rapport", "Rapport", "Aruanne", "Pārskats", "Ataskaita", "Отчёт"),
}
"""What a step is called where its author gives it no title."""

CHOICES: dict[str, tuple[Text, ...]] = {
    "gains": (
        _text(
            "New ways of working",
            "Uusia toimintamalleja",
            "Nya arbetssätt",
            "Nye måder at arbejde på",
            "Nye måter å arbeide på",
            "Uusi tööviise",
            "Jaunus darba paņēmienus",
            "Naujų veiklos modelių",
            "Новые способы работы",
        ),
        _text("Ideas", "Ideoita", "Idéer", "Ideer", "Ideer", "Ideid", "Idejas", "Idėjų", "Идеи"),
        _text(
            "Support for our own thinking",
            "Tukea omille ajatuksille",
            "Stöd för våra egna tankar",
            "Støtte til vores egne tanker",
            "Støtte for våre egne tanker",
            "Tuge meie enda mõtetele",
            "Atbalstu pašu domām",
            "Paramos savo mintims",
            "Поддержка собственных мыслей",
        ),
        _text(
            "Seeing that others do as we do",
            "Muut tekevät samalla lailla",
            "Att andra gör som vi",
            "At andre gør som vi",
            "At andre gjør som vi",
            "Nägime, et teised teevad samamoodi",
            "Redzējām, ka citi dara tāpat",
            "Pamatėme, kad kiti dirba taip pat",
            "Увидели, что другие работают так же",
        ),
        _text(
            "Tradition",
            "Traditio",
            "Tradition",
            "Tradition",
            "Tradisjon",
            "Traditsiooni",
            "Tradīciju",
            "Tradiciją",
            "Традиция",
        ),
        _text(
            "Something for all our staff",
            "Jotakin koko henkilökunnalle",
            "Något för hela personalen",
            "Noget til hele personalet",
            "Noe for hele personalet",
            "Midagi kogu meie personalile",
            "Ko noderīgu visam kolektīvam",
            "Naudos visiems darbuotojams",
            "Польза для всего коллектива",
        ),
    ),
    "uses": (
        _text(
            "In our library's plans",
            "Kirjastomme suunnitelmissa",
            "I bibliotekets planer",
            "I bibliotekets planer",
            "I bibliotekets planer",
            "Meie raamatukogu plaanides",
            "Mūsu bibliotēkas plānos",
            "Bibliotekos planuose",
            "В планах библиотеки",
        ),
        _text(
            "In work with our staff",
            "Työssä henkilöstön kanssa",
            "I arbetet med personalen",
            "I arbejdet med personalet",
            "I arbeidet med personalet",
            "Töös personaliga",
            "Darbā ar kolektīvu",
            "Dirbant su darbuotojais",
            "В работе с коллективом",
        ),
        _text(
            "To win new members or readers",
            "Uusien jäsenten tai lukijoiden saamiseen",
            "För att få nya medlemmar eller läsare",
            "Til at få nye medlemmer eller læsere",
            "Til å få nye medlemmer eller lesere",
            "Uute liikmete või lugejate leidmiseks",
            "Jaunu biedru vai lasītāju piesaistei",
            "Pritraukiant naujų narių ar skaitytojų",
            "Для привлечения новых членов или читателей",
        ),
        _text(
            "I shared the materials with colleagues",
            "Jaoin aineistoa työtovereille",
            "Jag delade materialet med kolleger",
            "Jeg delte materialet med kolleger",
            "Jeg delte materialet med kolleger",
            "Jagasin materjale kolleegidega",
            "Dalījos materiālos ar kolēģiem",
            "Pasidalijau medžiaga su kolegomis",
            "Поделился материалами с коллегами",
        ),
        _text(
            "Not yet", "En vielä", "Inte ännu", "Ikke endnu", "Ikke ennå", "Veel mitte", "Vēl ne", "Dar ne", "Пока нет"
        ),
    ),
}
"""Answer categories by the name that a plan gives under ``choices``."""

QUESTIONS: dict[str, Question] = {
    question.id: question
    for question in (
        Question(
            id="knowledge",
            text=_text(
                "I learned something new that is useful in my work.",
                "Opin uutta, josta on hyötyä työssäni.",
                "Jag lärde mig något nytt som jag har nytta av i mitt arbete.",
                "Jeg lærte noget nyt, som jeg kan bruge i mit arbejde.",
                "Jeg lærte noe nytt som er nyttig i arbeidet mitt.",
                "Õppisin midagi uut, millest on minu töös kasu.",
                "Uzzināju ko jaunu, kas noder manā darbā.",
                "Išmokau naujų, darbe naudingų dalykų.",
                "Я узнал(а) новое, полезное в моей работе.",
            ),
        ),
        Question(
            id="confidence",
            text=_text(
                "I feel more confident about this subject than before.",
                "Hallitsen tämän aiheen varmemmin kuin ennen.",
                "Jag känner mig säkrare på ämnet än förut.",
                "Jeg føler mig mere sikker på emnet end før.",
                "Jeg føler meg sikrere på emnet enn før.",
                "Tunnen end selles teemas kindlamalt kui enne.",
                "Šajā tēmā jūtos pārliecinātāk nekā iepriekš.",
                "Šioje srityje jaučiuosi tvirčiau nei anksčiau.",
                "В этой теме я чувствую себя увереннее, чем раньше.",
            ),
        ),
        Question(
            id="application",
            text=_text(
                "I intend to apply in my library what I learned.",
                "Aion soveltaa oppimaani kirjastossani.",
                "Jag tänker tillämpa det jag lärde mig i mitt bibliotek.",
                "Jeg vil anvende det lærte på mit bibliotek.",
                "Jeg vil ta i bruk det jeg lærte, i mitt bibliotek.",
                "Kavatsen õpitut oma raamatukogus rakendada.",
                "Iemācīto gatavojos izmantot savā bibliotēkā.",
                "Tai, ko išmokau, ketinu taikyti savo bibliotekoje.",
                "Я намерен(а) применить узнанное в своей библиотеке.",
            ),
        ),
        Question(
            id="awareness",
            text=_text(
                "I know better what other libraries do and offer.",
                "Tiedän paremmin, mitä muut kirjastot tekevät ja tarjoavat.",
                "Jag vet bättre vad andra bibliotek gör och erbjuder.",
                "Jeg ved bedre, hvad andre biblioteker gør og tilbyder.",
                "Jeg vet bedre hva andre bibliotek gjør og tilbyr.",
                "Tean paremini, mida teised raamatukogud teevad ja pakuvad.",
                "Labāk zinu, ko dara un piedāvā citas bibliotēkas.",
                "Geriau žinau, ką veikia ir siūlo kitos bibliotekos.",
                "Я лучше знаю, что делают и предлагают другие библиотеки.",
            ),
        ),
        Question(
            id="gains",
            form="choice",
            choices=CHOICES["gains"],
            text=_text(
                "What did the exchange give you above all?",
                "Mitä vaihto antoi sinulle ennen kaikkea?",
                "Vad gav utbytet dig framför allt?",
                "Hvad gav udvekslingen dig først og fremmest?",
                "Hva ga utvekslingen deg først og fremst?",
                "Mida andis vahetus Teile eelkõige?",
                "Ko apmaiņa Jums deva vispirms?",
                "Ką visų pirma jums davė mainai?",
                "Что прежде всего дал вам обмен?",
            ),
        ),
        Question(
            id="next-theme",
            form="text",
            text=_text(
                "What should the next theme be about?",
                "Mitä seuraavan teeman pitäisi käsitellä?",
                "Vad borde nästa tema handla om?",
                "Hvad bør det næste tema handle om?",
                "Hva bør det neste temaet handle om?",
                "Millest peaks rääkima järgmine teema?",
                "Par ko vajadzētu būt nākamajai tēmai?",
                "Apie ką turėtų būti kita tema?",
                "О чём должна быть следующая тема?",
            ),
        ),
    )
}
"""Questions by the name under which a plan may list them."""


def in_languages(text: Text, languages: tuple[str, ...]) -> Text:
    """Those languages of a ready-made text that a plan wants; English where there is none of them."""
    return {code: text[code] for code in languages if code in text} or {"en": text["en"]}
