"""What a reader process gives up before it sees a query: memory beyond a bound, core files, the network, new programs.

Runs in the reader; must not import anything of this package. Linux only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import socket
from pathlib import Path

import pyseccomp

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
ADDRESS_SLACK_BYTES = 2 << 30
"""RocksDB maps its files, so the bound of the address space is laxer than that of the data segment."""

_MALLOC_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)
FORBIDDEN_CALLS = ("execve", "execveat", "ptrace", "process_vm_readv", "process_vm_writev", "kill", "tkill", "bpf")


def resident_bytes() -> int:
    """Memory of this process that is in RAM."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def give_back_memory() -> None:
    """Join what was freed and return it to the kernel (glibc; elsewhere nothing).

    The allocator would do so at the beginning of some later query: 70 ms after a CONSTRUCT of 100,000 triples.
    """
    if _MALLOC_TRIM is not None:
        _MALLOC_TRIM(0)


def limit_memory(headroom_bytes: int) -> None:
    """Bound the data segment to what is used now plus the headroom, and forbid core files.

    RLIMIT_DATA counts private writable maps, thread stacks among them: start threads first.
    """
    pages = Path("/proc/self/statm").read_text().split()
    data_bytes = int(pages[5]) * PAGE_BYTES + headroom_bytes
    address_bytes = int(pages[0]) * PAGE_BYTES + headroom_bytes + ADDRESS_SLACK_BYTES
    for kind, bound in ((resource.RLIMIT_DATA, data_bytes), (resource.RLIMIT_AS, address_bytes)):
        _, hard = resource.getrlimit(kind)
        lowest = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (lowest, lowest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def be_first_to_go() -> None:
    """Ask the kernel to end readers before the service when the machine runs out of memory."""
    try:
        Path("/proc/self/oom_score_adj").write_text("900")
    except OSError:
        # some containers forbid it; the bound on memory holds all the same
        return


def deny_network_and_programs(*, allow_network: bool) -> None:
    """Make the kernel refuse sockets other than AF_UNIX, new programs and signals to others, for every thread."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    # every thread is bound, also the one that evaluates and was started before
    rules.set_attr(pyseccomp.Attr.CTL_TSYNC, 1)
    refuse = pyseccomp.ERRNO(errno.EACCES)
    if not allow_network:
        rules.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.NE, int(socket.AF_UNIX)))
        for call in ("io_uring_setup", "connect", "bind", "listen"):
            rules.add_rule(refuse, call)
    for call in FORBIDDEN_CALLS:
        rules.add_rule(refuse, call)
    rules.load()
