"""The record: the database of people, inbox, outbox, journal, prompts and answers.

Everything is asked of one object::

    from store.store import Store, open_store

    store = open_store("sqlite:////folder/kierros.db", domain="library.example")

======================  ================================================================================================
Whoever needs           finds it in
======================  ================================================================================================
the calls               :mod:`store.registers` (cycles, people, texts, staff, settings), :mod:`store.records` (inbox,
                        keep, journal, prompts, feedback, reports), :mod:`store.letterbox` (held letters, delivery)
what goes in and out    :mod:`store.models`
what it says no with    :mod:`store.faults`
references              :mod:`store.refs`
the tables              :mod:`store.schema`; their history in ``store/migrations``
======================  ================================================================================================

Behind the calls stands one module for each matter, whose functions take a connection: :mod:`store.cycles`,
:mod:`store.people`, :mod:`store.staff`, :mod:`store.inbox`, :mod:`store.keeping` (with :mod:`store.outcomes`,
:mod:`store.projecting`, :mod:`store.posting`), :mod:`store.holding`, :mod:`store.delivery`, :mod:`store.reading`.
"""
