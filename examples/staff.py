"""A member of staff at the desk in the browser: signs in by the link of a letter, decides, does what a week asks."""

from __future__ import annotations

import threading
from typing import Any

from visitor import Mailbox, Turned, Visitor, follow_letter


class Staff:
    """One of them, in a browser of her own that stays open. The page that it shows is used by one at a time."""

    def __init__(self, portal: str, name: str, address: str, mailbox: Mailbox) -> None:
        self._name, self._address, self._mailbox = name, address, mailbox
        self._visitor, self._turn = Visitor(portal), threading.Lock()
        self._signed_in = False

    def decides(self, prompt: dict[str, Any]) -> str:
        """Opens the decision from the page of today, and approves what is shown, or takes the first of the options.

        Raises:
            Turned: nothing was decided; the page says why.
        """
        with self._turn:
            self._sign_in()
            self._visitor.open("/staff")
            page = self._visitor.click(f"/{prompt['id']}")
            if page.form({"digest"}) is not None:
                return self._visitor.send(having="digest", button="approve").said()
            choice = page.form({"option"})
            if choice is None:
                raise Turned(page.said())
            first, _ = choice.fields["option"].options[0]
            return self._visitor.send({"option": first}).said()

    def does(self, cycle: str, deed: str, fills: dict[str, str]) -> str:
        """Fills in the page of a deed, reads what it will do, and does it.

        Raises:
            Turned: it was not done; the page says why.
        """
        with self._turn:
            self._sign_in()
            self._visitor.open(f"/staff/cycles/{cycle}")
            self._visitor.click(f"/do/{deed}")
            self._visitor.send(fills, button="look")
            return self._visitor.send({}, button="act").said()

    def _sign_in(self) -> None:
        """By a letter; then in English, which whoever looks on reads."""
        if self._signed_in:
            return
        self._visitor.open("/sign-in?lang=en")
        self._visitor.send({"address": self._address})
        follow_letter(self._visitor, self._mailbox, self._name, lambda page: page.address.startswith("/s/"))
        self._visitor.send()
        self._signed_in = True
