"""What librarians call the columns of a people list, in our countries' languages."""

from __future__ import annotations

from typing import Literal

from plans.tables import heading_key

Part = Literal["invitee", "contact", "speaker"]
"""What a person on a list is to the cycle."""

_SYNONYMS = {
    "name": """name, full name, participant, nimi, koko nimi, osallistuja, имя, фио, ф.и.о., имя и фамилия,
        фамилия и имя, участник, namn, för- och efternamn, deltagare, navn, fulde navn, vardas, vardas ir pavardė,
        vardas pavardė, dalyvis, nafn, nimi ja perekonnanimi, vārds uzvārds, vārds un uzvārds,
        ees- ja perekonnanimi, osaleja, dalībnieks, dalībniece""",
    "given": """first name, given name, forename, etunimi, förnamn, fornavn, eesnimi, vārds, имя отчество, fornafn""",
    "family": """last name, surname, family name, sukunimi, фамилия, efternamn, etternavn, efternavn, pavardė,
        perekonnanimi, uzvārds, eftirnafn""",
    "address": """e-mail, email, mail, e-mail address, sähköposti, sähköpostiosoite, s-posti, email-osoite,
        эл. почта, электронная почта, почта, адрес электронной почты, эл. адрес, имейл, e-post, e-postadress,
        mejl, mejladress, e-mailadresse, e-postadresse, mailadresse, el. paštas, elektroninis paštas,
        el. pašto adresas, paštas, netfang, e-post aadress, e-posti aadress, meiliaadress, e-pasts,
        e-pasta adrese""",
    "either": """address, адрес, adress, adresse, adresas, osoite, aadress, adrese""",
    "language": """language, lang, kieli, asiointikieli, язык, språk, sprog, kalba, tungumál, keel, valoda""",
    "library": """library, organisation, organization, home library, library name, institution, kirjasto,
        organisaatio, библиотека, организация, учреждение, bibliotek, biblioteket, organisasjon, biblioteka,
        įstaiga, organizacija, bókasafn, raamatukogu, asutus,
        organisatsioon, bibliotēka, iestāde, organizācija""",
    "part": """part, role, as, rooli, osa, роль, участие, roll, rolle, vaidmuo, dalyvavimas, hlutverk, loma""",
    "zone": """zone, time zone, aikavyöhyke, часовой пояс, tidszon, tidszone, tidssone, laiko juosta, ajavöönd,
        laika josla""",
}

# ``either`` is an address of either kind: in a list that has no other it is the one for e-mail.

_COLUMNS = {heading_key(heading): column for column, all_of in _SYNONYMS.items() for heading in all_of.split(",")}

_PARTS: dict[Part, str] = {
    "invitee": """, participant, invitee, invited, delegate, osallistuja, kutsuttu, участник, участница,
        приглашённый, приглашенный, deltagare, inbjuden, deltager, deltaker, dalyvis, dalyvė, kviestinis,
        osaleja, kutsutu, dalībnieks, dalībniece, uzaicinātais, uzaicinātā""",
    "contact": """contact, contact person, host, yhteyshenkilö, isäntä, контакт, контактное лицо, принимающий,
        kontakt, kontaktperson, värd, vært, vert, kontaktinis asmuo, kontaktas, priimantis,
        kontaktisik, võõrustaja, kontaktpersona, uzņēmējs""",
    "speaker": """speaker, trainer, lecturer, luennoitsija, puhuja, kouluttaja, докладчик, лектор, тренер,
        спикер, föreläsare, talare, oplægsholder, foredragsholder, pranešėjas, pranešėja, lektorius,
        esineja, lektor, lektors, lektore, runātājs""",
}

PARTS = {word.strip(): part for part, words in _PARTS.items() for word in words.split(",")}
"""The words that lists use for each part. An empty cell means a person to be invited."""


def people_column(key: str) -> str:
    """The column that a heading means, or an empty string. ``key`` is its plain form."""
    return _COLUMNS.get(key, "")
