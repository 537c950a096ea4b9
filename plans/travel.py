"""Who needs a visa where, as far as a plan has to know it: an entry permit takes weeks, and weeks must be in the plan.

What counts in truth is a person's citizenship; a plan knows only the country of her library. So this is a reminder to
look, never a rule: it speaks where most people of one country need a visa for the other.
"""

from __future__ import annotations

from datetime import timedelta

WEEKS = 8
"""So many weeks between the closing of registration and a journey with a visa: six to get it, two for the papers."""
TIME_FOR_VISAS = timedelta(weeks=WEEKS)


def _codes(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EUROPE = _codes("""
    AD AT BE BG CH CY CZ DE DK EE ES FI FO FR GB GG GI GL GR HR HU IE IM IS IT JE LI LT LU LV MC MT NL NO PL PT RO
    SE SI SJ SK SM VA AX
""")
"""The Schengen area, the other members of the European Union, and those whose people need no visa there nor it theirs.
"""

_EXEMPT = _codes("""
    AE AG AL AR AU BA BB BN BR BS CA CL CO CR DM GD GE GT HK HN IL JP KI KN KR LC MD ME MH MK MO MU MX MY NI NZ PA
    PE PW PY RS SB SC SG SV TO TT TV TW UA US UY VC WS XK
""")
"""Their people may stay in the Schengen area for ninety days without a visa.
Source: Regulation (EU) 2018/1806, annex II, as of 2025."""

_EAST = _codes("""
    AM AZ BY KG KZ MD RU TJ UZ
""")
"""Their people visit each other without visas."""

_AREAS = (_EUROPE | _EXEMPT, _EAST, _EAST - {"AM", "AZ"} | {"RS", "MK", "ME"})


def needs_visa(home: str, there: str) -> bool:
    """Whether people of one country mostly need a visa for another; no where one of the two is not known."""
    if not home or not there or home == there:
        return False
    return not any(home in area and there in area for area in _AREAS)
