"""Whole pages that were made elsewhere, such as the report: shown as they are, with a policy that fits just them."""

from __future__ import annotations

import base64
import re
from hashlib import sha256

from starlette.responses import HTMLResponse, Response

_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


def paper(html: str) -> Response:
    """The page, with its own styles allowed by their digests and nothing else: no script, nothing from elsewhere."""
    styles = " ".join(f"'sha256-{_digest(style)}'" for style in _STYLE.findall(html))
    policy = (
        f"default-src 'none'; style-src {styles or chr(39) + 'none' + chr(39)}; img-src data:; script-src 'none'; "
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    )
    return HTMLResponse(html, headers={"content-security-policy": policy})


def _digest(style: str) -> str:
    return base64.b64encode(sha256(style.encode()).digest()).decode()


def download(data: bytes, kind: str, name: str) -> Response:
    """A file to be kept."""
    return Response(data, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
