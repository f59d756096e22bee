"""The process from which readers are forked: it has loaded the data, or at least the engine, once for all of them.

Started by the pool as `python -I -m dadkhah.engine.readers.zygote FD`, with the control socket (SOCK_SEQPACKET) as FD:

    pool → zygote   first message: settings as JSON; then `F` with one descriptor: fork a reader for this socket
    zygote → pool   `R` ready · `!` and a text: cannot start · `X` pid status: a reader has ended

In memory: the dump is loaded here, and a fork shares it. On disk: each reader opens the store itself.
It never sees a query and holds no connection of a client.
"""

from __future__ import annotations

import ctypes
import gc
import gzip
import json
import os
import select
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyoxigraph as ox

from dadkhah.engine.readers import reader

EXITED = struct.Struct("<cIi")
PR_SET_PDEATHSIG = 1


def main() -> None:
    """Load the data, then fork readers until the pool hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    parent = os.getppid()
    # the pool may be killed without a chance to tell us
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    message: dict[str, Any] = json.loads(control.recv(65536))
    try:
        store = load(Path(message["dump"])) if message["dump"] else message["store"]
    except (OSError, ValueError, SyntaxError, MemoryError) as error:
        control.send(b"!" + str(error).encode()[:4000])
        return
    settings = reader.ReaderSettings(**message["settings"])
    gc.freeze()
    signals, wake = socket.socketpair()
    for end in (signals, wake):
        end.settimeout(0)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    control.send(b"R")
    _fork_on_demand(control, signals, store, settings)


def load(dump: Path) -> ox.Store:
    """Load N-Quads, gzipped or not, into memory."""
    store = ox.Store()
    with gzip.open(dump) if dump.suffix == ".gz" else dump.open("rb") as file:
        store.bulk_load(input=cast("BinaryIO", file), format=ox.RdfFormat.N_QUADS)
    return store


def _fork_on_demand(
    control: socket.socket, signals: socket.socket, store: ox.Store | str, settings: reader.ReaderSettings
) -> None:
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(signals, select.POLLIN)
    while True:
        ready = {fd for fd, _ in poll.poll()}
        if signals.fileno() in ready:
            signals.recv(4096)
            _report_ended(control)
        if control.fileno() in ready:
            command, descriptors, _, _ = socket.recv_fds(control, 16, 1)
            if not command:
                return
            if os.fork() == 0:
                _become_reader(control, signals, descriptors[0], store, settings)
            os.close(descriptors[0])


def _become_reader(
    control: socket.socket,
    signals: socket.socket,
    descriptor: int,
    store: ox.Store | str,
    settings: reader.ReaderSettings,
) -> None:
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        signals.close()
        reader.run(socket.socket(fileno=descriptor), store, settings)
    finally:
        os._exit(70)


def _report_ended(control: socket.socket) -> None:
    """Reap every child that has ended and say how."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        control.send(EXITED.pack(b"X", pid, os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    main()
