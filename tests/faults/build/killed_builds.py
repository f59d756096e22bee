"""Builds that kill themselves: run as a program, once for a whole series, since importing costs more than a build.

    killed_builds.py points FILE OUT       one build for each step that reaches the disk, killed right after that step;
                                           of the files' fsyncs, which change no name, every tenth
    killed_builds.py moments FILE OUT N    N builds, each killed from outside at a random moment

After each kill what would be served is verified, byte by byte. Prints one line a build: where it was killed, and the
hash that is served. A build that was not killed ends the first series.
"""

import os
import random
import signal
import stat
import sys
import threading
import time
from functools import partial
from pathlib import Path

from conftest import leftovers, whole

from dadkhah.cli.build import INDEXERS
from dadkhah.snapshot.compile_rdf import compile_rdf
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.source.formats.reading import RdfInput

FSYNC = os.fsync
STEPS = ("fsync", "rename", "replace", "symlink", "mkdir")


def tell(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def build(file, out):
    compile_rdf([RdfInput(Path(file))], BuildPlan(out=Path(out)), indexers=INDEXERS)


def killed_after(number):
    """Let this process kill itself right after the `number`th of its steps that reach the disk."""
    lock, count, files = threading.Lock(), [0], [0]

    def counted(step):
        def call(*arguments, **options):
            done = step(*arguments, **options)
            with lock:
                if step is FSYNC and stat.S_ISREG(os.fstat(arguments[0]).st_mode):
                    files[0] += 1
                    if files[0] % 10:
                        return done
                count[0] += 1
                if count[0] == number:
                    os.kill(os.getpid(), signal.SIGKILL)
            return done

        return call

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


def in_a_child(prepare, file, out, kill_after_seconds=None):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            prepare()
            build(file, out)
            code = 0
        finally:
            os._exit(code)
    if kill_after_seconds is not None:
        time.sleep(kill_after_seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def points(file, out):
    number = 0
    while True:
        number += 1
        ended = in_a_child(partial(killed_after, number), file, out)
        tell(number, ended, whole(Path(out)))
        if ended != -signal.SIGKILL:
            break


def moments(file, out, count):
    started = time.monotonic()
    in_a_child(lambda: None, file, f"{out}-timed")
    seconds = time.monotonic() - started
    chance = random.Random(11)
    for _ in range(count):
        moment = chance.uniform(0, seconds)
        ended = in_a_child(lambda: None, file, out, moment)
        tell(f"{moment:.3f}", ended, whole(Path(out)))


if __name__ == "__main__":
    how, file, out, *rest = sys.argv[1:]
    if how == "points":
        points(file, out)
    else:
        moments(file, out, int(rest[0]))
    in_a_child(lambda: None, file, out)
    tell("left", sorted(leftovers(Path(out))), whole(Path(out)))
