"""The parts of the account that a cycle gives of itself: one pure file for each chapter of the report.

Each turns the folded state and the journal into plain values (:mod:`activities.account.model`). No person is in them:
neither a name nor a reference.
"""
