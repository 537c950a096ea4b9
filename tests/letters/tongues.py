"""What the small world of the letters is called in the languages around the Baltic Sea, by its English words."""

LANGUAGES = ("sv", "da", "nb", "et", "lv", "lt")

_NAMES = {
    "Introductory seminar": (
        "Inledande seminarium", "Indledende seminar", "Innledende seminar", "Avaseminar", "Ievadseminārs",
        "Įvadinis seminaras",
    ),
    "What a library needs to know": (
        "Vad ett bibliotek behöver kunna", "Hvad et bibliotek skal kunne", "Hva et bibliotek må kunne",
        "Mida raamatukogu peab oskama", "Kas bibliotēkai jāprot", "Ką biblioteka turi mokėti",
    ),
    "From idea to project": (
        "Från idé till projekt", "Fra idé til projekt", "Fra idé til prosjekt", "Ideest projektini",
        "No idejas līdz projektam", "Nuo idėjos iki projekto",
    ),
    "Questions for the hosts": (
        "Frågor till värdarna", "Spørgsmål til værterne", "Spørsmål til vertene", "Küsimused võõrustajatele",
        "Jautājumi uzņēmējiem", "Klausimai priimantiesiems",
    ),
    "Visits to Nordic libraries": (
        "Besök på nordiska bibliotek", "Besøg på nordiske biblioteker", "Besøk på nordiske bibliotek",
        "Põhjamaade raamatukogude külastused", "Vizītes Ziemeļvalstu bibliotēkās",
        "Vizitai Šiaurės šalių bibliotekose",
    ),
    "An exciting adventure": (
        "Ett spännande äventyr", "Et spændende eventyr", "Et spennende eventyr", "Põnev seiklus",
        "Aizraujošs piedzīvojums", "Jaudinantis nuotykis",
    ),
    "Staff competences and projects": (
        "Personalens kompetens och projekt", "Personalets kompetencer og projekter",
        "Personalets kompetanse og prosjekter", "Töötajate oskused ja projektid",
        "Darbinieku prasmes un projekti", "Darbuotojų kompetencijos ir projektai",
    ),
    "Kaliningrad Regional Library": (
        "Kaliningrads regionbibliotek", "Kaliningrads regionsbibliotek", "Kaliningrad regionbibliotek",
        "Kaliningradi oblasti raamatukogu", "Kaļiņingradas apgabala bibliotēka", "Kaliningrado srities biblioteka",
    ),
    "Helsinki City Library": (
        "Helsingfors stadsbibliotek", "Helsinki Bybibliotek", "Helsingfors bybibliotek", "Helsingi linnaraamatukogu",
        "Helsinku pilsētas bibliotēka", "Helsinkio miesto biblioteka",
    ),
    "The Nordic fund for co-operation": (
        "Nordiska samarbetsfonden", "Den nordiske samarbejdsfond", "Det nordiske samarbeidsfondet",
        "Põhjamaade koostööfond", "Ziemeļvalstu sadarbības fonds", "Šiaurės šalių bendradarbiavimo fondas",
    ),
    "the participating libraries": (
        "de deltagande biblioteken", "de deltagende biblioteker", "de deltakende bibliotekene",
        "osalevad raamatukogud", "iesaistītās bibliotēkas", "dalyvaujančios bibliotekos",
    ),
    "Invitations": ("Inbjudningar", "Invitationer", "Invitasjoner", "Kutsed", "Uzaicinājumi", "Kvietimai"),
    "Registration": ("Anmälan", "Tilmelding", "Påmelding", "Registreerimine", "Reģistrācija", "Registracija"),
    "Final seminar": (
        "Avslutande seminarium", "Afsluttende seminar", "Avsluttende seminar", "Lõpuseminar", "Noslēguma seminārs",
        "Baigiamasis seminaras",
    ),
    "Did you learn something new?": (
        "Lärde du dig något nytt?", "Lærte du noget nyt?", "Lærte du noe nytt?", "Kas õppisite midagi uut?",
        "Vai iemācījāties ko jaunu?", "Ar išmokote ko nors nauja?",
    ),
    "What did the exchange give you?": (
        "Vad gav utbytet dig?", "Hvad gav udvekslingen dig?", "Hva ga utvekslingen deg?", "Mida andis vahetus Teile?",
        "Ko Jums deva apmaiņa?", "Ką Jums davė mainai?",
    ),
    "Ideas": ("Idéer", "Idéer", "Ideer", "Ideid", "Idejas", "Idėjų"),
    "New contacts": (
        "Nya kontakter", "Nye kontakter", "Nye kontakter", "Uusi kontakte", "Jaunus kontaktus", "Naujų ryšių",
    ),
    "What else?": ("Vad mer?", "Hvad mere?", "Hva mer?", "Mida veel?", "Ko vēl?", "Ką dar?"),
    "The round begins in winter.\n\nBring a project of your own, however small.": (
        "Omgången börjar i vinter.\n\nTa med ett eget projekt, hur litet som helst.",
        "Runden begynder til vinter.\n\nTag et projekt med, også gerne et lille.",
        "Runden begynner til vinteren.\n\nTa med et eget prosjekt, gjerne et lite.",
        "Tsükkel algab talvel.\n\nVõtke kaasa oma projekt, kui tahes väike.",
        "Cikls sākas ziemā.\n\nPaņemiet līdzi savu projektu, lai cik mazu.",
        "Ciklas prasideda žiemą.\n\nAtsivežkite savo projektą, kad ir koks mažas jis būtų.",
    ),
    "Your staff have learned from each other for years, and you have told about it openly.": (
        "Er personal har lärt av varandra i åratal, och ni har berättat öppet om det.",
        "Jeres personale har lært af hinanden i årevis, og I har fortalt åbent om det.",
        "Personalet deres har lært av hverandre i årevis, og dere har fortalt åpent om det.",
        "Teie töötajad on aastaid üksteiselt õppinud ja Te olete sellest avameelselt rääkinud.",
        "Jūsu darbinieki gadiem ilgi mācās cits no cita, un Jūs par to atklāti stāstāt.",
        "Jūsų darbuotojai jau daug metų mokosi vieni iš kitų, ir Jūs apie tai atvirai pasakojate.",
    ),
}  # fmt: skip


def more(en: str) -> dict[str, str]:
    """The same words in the other languages, as far as they are needed to read a letter in one language alone."""
    return dict(zip(LANGUAGES, _NAMES.get(en, ()), strict=False))
