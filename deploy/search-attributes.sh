#!/bin/sh
# Generated from workflows/contract.py by `python -m scripts.search_attributes`: change it there.
# May be run again at any time. An attribute of the same name and another type is refused, not changed.
# The address and the namespace come in TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE.
set -eu

temporal operator search-attribute create \
    --name CycleTheme --type Keyword \
    --name CycleStep --type Keyword \
    --name AwaitingApproval --type KeywordList \
    --name AwaitingSince --type Datetime \
    --name Registered --type Int
