"""The sweep: one step of one community, a page of short loops, the only writer of columns.

``community`` is the page; ``acts``, ``entries``, ``listings`` and ``closing`` are its paragraphs.
"""
