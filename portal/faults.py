"""Why a request is turned away: each has a page of its own, in the reader's language."""

from __future__ import annotations


class Turned(Exception):
    """The request is turned away with a page.

    Args:
        status: of HTTP.
        page: which of ``templates/frame/turned/`` says so; the status where there is none of its own.
        headers: beside the usual ones.
    """

    status = 400

    def __init__(self, status: int | None = None, page: str = "", headers: dict[str, str] | None = None) -> None:
        self.status = status or self.status
        self.page = page or str(self.status)
        self.headers = headers or {}
        super().__init__(self.page)


class NotHere(Turned):
    """There is no such page, or not for this reader."""

    status = 404


class PracticeStays(Turned):
    """The plan of a practice run is neither changed nor downloaded: its year is drawn together, and nobody's plan.

    Args:
        back: the path of its board.
    """

    status = 409

    def __init__(self, back: str) -> None:
        super().__init__(page="practice_plan")
        self.back = back


class NotOurForm(Turned):
    """The form was not sent from one of our own pages, or its page is from another session."""

    status = 403


class TooLarge(Turned):
    """The body is larger than this page takes."""

    status = 413


class TooOften(Turned):
    """Too many requests in too short a time."""

    status = 429

    def __init__(self, again: int) -> None:
        super().__init__(headers={"retry-after": str(again)})
        self.again = again


class NotNow(Turned):
    """The record cannot be used at this moment."""

    status = 503

    def __init__(self) -> None:
        super().__init__(headers={"retry-after": "5"})
