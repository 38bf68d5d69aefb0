"""What the office adds to record types: fields of its own and tags, kept in ``Tracked.extra``.

``asking`` makes their filters and what metrics add up, ``definitions`` says what there is,
``values`` reads, writes and checks what a record holds.
"""
