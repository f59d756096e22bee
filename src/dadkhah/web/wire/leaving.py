"""Whether a client went away behind bytes that nobody has read yet.

A transport that is told to wait hears nothing of its client's leaving: requests sent ahead would be worked on one after
another for nobody. In: a transport. Out: whether its client closed. It must not read.
"""

import asyncio
import select

# Linux alone tells of an end that stands behind unread bytes
_LEFT = getattr(select, "POLLRDHUP", select.POLLHUP)


def has_left(transport: asyncio.Transport) -> bool:
    """Ask the operating system; microseconds."""
    if transport.is_closing():
        return False
    poll = select.poll()
    poll.register(transport.get_extra_info("socket").fileno(), _LEFT)
    return bool(poll.poll(0))
