"""The pool's side of a zygote: starts it, asks it for readers, hears how they ended.

In: what data to hold and what readers may do. Out: callbacks. It knows nothing of queries.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from dadkhah.engine.readers.frames import SOCKET_BUFFER_BYTES
from dadkhah.engine.readers.reader import ReaderSettings
from dadkhah.engine.readers.zygote import EXITED
from dadkhah.errors import SnapshotError

MAX_CONTROL_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Holding:
    """How readers hold the data: in memory from a dump, or on disk from a RocksDB folder."""

    store: Path
    dump: Path | None = None
    """Where given, the dump is loaded into memory once and shared by all readers."""


class Nursery:
    """One zygote process; `on_exit` hears the pid and exit code of each reader, `on_death` that the zygote is gone."""

    def __init__(
        self,
        holding: Holding,
        settings: ReaderSettings,
        *,
        on_exit: Callable[[int, int], None],
        on_death: Callable[[], None],
    ) -> None:
        self._holding = holding
        self._settings = settings
        self._on_exit = on_exit
        self._on_death = on_death
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def alive(self) -> bool:
        """Whether readers can be asked for."""
        return self._control is not None

    @property
    def pid(self) -> int | None:
        """Of the zygote."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Start the zygote and wait until it has its data; SnapshotError where it cannot have them."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            ours.settimeout(0)
            # a vfork: a millisecond or two, and the loop's own subprocesses would need a child watcher
            self._process = subprocess.Popen(  # noqa: ASYNC220 - see above
                [sys.executable, "-I", "-m", "dadkhah.engine.readers.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                # nothing of the service's environment is any business of a reader
                env={"LC_ALL": "C.UTF-8"},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._control = ours
        dump = self._holding.dump
        first = {
            "dump": None if dump is None else str(dump.resolve()),
            "store": str(self._holding.store.resolve()),
            "settings": asdict(self._settings),
        }
        ours.send(json.dumps(first).encode())
        self._loop.add_reader(ours.fileno(), self._readable)
        await self._ready

    def fork(self) -> socket.socket:
        """Ask for a reader; returns our end of its socket, on which it says that it is ready."""
        assert self._control is not None, "the zygote is gone"
        ours, theirs = socket.socketpair()
        with theirs:
            for end in (ours, theirs):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
            ours.settimeout(0)
            try:
                socket.send_fds(self._control, [b"F"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def close(self) -> None:
        """End the zygote; its readers live on."""
        if self._control is not None:
            self._loop.remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            # killed, so this returns at once
            self._process.wait()
            self._process = None
        if not self._ready.done():
            self._ready.cancel()

    def _readable(self) -> None:
        assert self._control is not None
        for _ in range(64):
            try:
                message = self._control.recv(MAX_CONTROL_BYTES)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._died()
                return
            self._take(message)
            if self._control is None:
                return

    def _take(self, message: bytes) -> None:
        if message[:1] == b"X":
            _, pid, code = EXITED.unpack(message)
            self._on_exit(pid, code)
        elif self._ready.done():
            return
        elif message == b"R":
            self._ready.set_result(None)
        else:
            text = message[1:].decode("utf-8", "replace")
            self._ready.set_exception(SnapshotError(f"the snapshot cannot be loaded: {text}"))

    def _died(self) -> None:
        code = None if self._process is None else self._process.poll()
        starting = not self._ready.done()
        if starting:
            self._ready.set_exception(SnapshotError(f"the process that loads the snapshot ended ({_how(code)})"))
        self.close()
        if not starting:
            self._on_death()


def _how(code: int | None) -> str:
    if code is None:
        return "no exit code"
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
