"""Writes deploy/search-attributes.sh, so that a cluster knows the attributes the workflows set.

python -m scripts.search_attributes > deploy/search-attributes.sh
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from workflows.contract import SEARCH_ATTRIBUTES

HEAD = """\
#!/bin/sh
# Generated from workflows/contract.py by `python -m scripts.search_attributes`: change it there.
# May be run again at any time. An attribute of the same name and another type is refused, not changed.
# The address and the namespace come in TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.
set -eu

temporal operator search-attribute create"""


def script(attributes: Mapping[str, str]) -> str:
    """The shell script that makes these search attributes (name to Temporal's type, e.g. ``Keyword``)."""
    options = [f"    --name {name} --type {kind}" for name, kind in attributes.items()]
    return " \\\n".join([HEAD, *options]) + "\n"


def main() -> None:
    """Prints the script for the attributes of the contract."""
    sys.stdout.write(script(SEARCH_ATTRIBUTES))


if __name__ == "__main__":
    main()
