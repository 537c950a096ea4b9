"""Names are struck out wherever they stand, and ordinary words are left alone."""

from __future__ import annotations

import pytest

from activities.account.masking import STRUCK, Mask

MASK = Mask(
    [
        "Anna Petrova",
        "Анна Кузнецова",
        "Matti Virtanen",
        "Eva Lindgren",
        "Anna-Liisa Mäki-Salo",
        "Li Ho",
        "Kamenka Info",
    ],
    ["Kamenka District Library", "Information and Info"],
)


@pytest.mark.parametrize(
    ("words", "struck"),
    [
        ("Thank you, Anna Petrova!", f"Thank you, {STRUCK}!"),
        ("thanks to anna petrova", f"thanks to {STRUCK}"),
        ("PETROVA was kind", f"{STRUCK} was kind"),
        ("Anna\nPetrova", STRUCK),
        ("Annan ja Annalle, Virtasen mukaan", f"{STRUCK} ja {STRUCK}, {STRUCK} mukaan"),
        ("с Анной Кузнецовой и у Анны", f"с {STRUCK} и у {STRUCK}"),
        ("Anna-Liisa Mäki-Salo and Mäki-Salon", f"{STRUCK} and {STRUCK}"),
        ("Eva’s plan", f"{STRUCK}’s plan"),
        ("Li Ho came", f"{STRUCK} came"),
        ("write to no.body+x@mail.example.org", f"write to {STRUCK}"),
        ("call +358 40 123 4567 or 040-1234567", f"call {STRUCK} or {STRUCK}"),
    ],
)
def test_a_name_is_struck_out(words: str, struck: str):
    assert MASK.strike(words)[0] == struck


@pytest.mark.parametrize(
    "words",
    [
        "The Annual Evaluation of the evening",
        "Kamenka again, and more Info",
        "We evaluate the salon and the virtual library",
        "from 14.5.2012 to 2012-05-16, at 10:00, 2010 - 2012, 15 000 loans",
        "",
    ],
)
def test_ordinary_words_towns_and_dates_stay(words: str):
    assert MASK.strike(words) == (words, 0)


BALTIC = Mask(
    ["Jonas Jonaitis", "Rasa Jonaitienė", "Ramunė Petrauskaitė", "Jānis Ozols", "Ilze Bērziņa", "Juris Kalniņš"],
    ["Vilniaus biblioteka"],
)


@pytest.mark.parametrize(
    ("words", "struck"),
    [
        ("su Jonu ir be Jono Jonaičio", f"su {STRUCK} ir be {STRUCK}"),
        ("Ramunės mintys, Jonaitienei ačiū", f"{STRUCK} mintys, {STRUCK} ačiū"),
        ("padėjo Petrauskaitės kolegos", f"padėjo {STRUCK} kolegos"),
        ("paldies Jānim un Jāņa kolēģiem, Ozolam", f"paldies {STRUCK} un {STRUCK} kolēģiem, {STRUCK}"),
        ("ar Ilzi Bērziņu un Kalniņa kungu", f"ar {STRUCK} un {STRUCK} kungu"),
        ("tack, Ramunės och Ilzes idé", f"tack, {STRUCK} och {STRUCK} idé"),
    ],
)
def test_names_are_struck_out_in_the_cases_of_lithuanian_and_latvian(words: str, struck: str):
    assert BALTIC.strike(words)[0] == struck


@pytest.mark.parametrize("words", ["Jo, kad ne. Jau Vilniaus grupė", "Ja tā, Oza un Kas", "Han sade att Lars kom"])
def test_short_words_that_only_begin_like_a_name_stay(words: str):
    mask = Mask(["Jonas Jonaitis", "Jānis Ozols", "Hans Berg"], ["Vilniaus biblioteka"])
    assert mask.strike(words)[0] == words


def test_it_says_how_many_it_struck_out():
    assert MASK.strike("Anna Petrova, Eva and a@b.example")[1] == 3


def test_a_mask_of_nobody_strikes_out_addresses_only():
    assert Mask([]).strike("Anna a@b.example") == (f"Anna {STRUCK}", 1)
    assert Mask(["", "  ", "a@b.example"]).strike("nobody") == ("nobody", 0)
