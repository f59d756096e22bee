"""A manifest's signature by a person's SSH key: who published a snapshot, beside what is in it.

In: a manifest file and a key, or a file of allowed signers (ssh-keygen(1), ALLOWED SIGNERS). Out: `manifest.json.sig`
and `signers`, the public key in a line of that format, beside the manifest; or the name of who signed. The manifest
states the hash of everything else, so nothing else needs a signature. OpenSSH does the work; no private key is read.
"""

from __future__ import annotations

import base64
import binascii
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from dadkhah.errors import ConfigurationError, InputError, SnapshotError
from dadkhah.snapshot.publishing.durable import storage_errors, write_whole_file
from dadkhah.snapshot.publishing.manifest import MANIFEST, SIGNATURE, SIGNERS

NAMESPACE = "dadkhah-snapshot"
_ANONYMOUS = "publisher"
_NAME = re.compile(r"[\w.+@-]{1,100}")
_SECONDS = 120  # a key on a token waits for a finger


def require_key(key: Path) -> None:
    """Tell before a long build what would fail after it.

    Raises:
        ConfigurationError: ssh-keygen is missing.
        InputError: there is no such key.
    """
    _program()
    if not key.is_file():
        raise InputError(f"{key}: no such key; make one with `ssh-keygen -t ed25519 -f {key}`")


def sign(folder: Path, key: Path) -> Path:
    """Write the signature of a snapshot's manifest, and who signed it, in place of one that was there.

    ssh-keygen asks for a passphrase if needed. The name beside the key is the comment of its public half, where that
    is one word, such as an address of mail.

    Args:
        folder: of the snapshot, or of a dump with its manifest.
        key: a private key, or the public half of one that an agent or a token holds.

    Raises:
        ConfigurationError: ssh-keygen is missing.
        InputError: the key cannot sign.
        SnapshotError: the signature cannot be written.
    """
    require_key(key)
    with tempfile.TemporaryDirectory() as place:
        # signed elsewhere and moved: ssh-keygen asks before it writes over a signature, and writes it in parts
        copy = Path(place) / MANIFEST
        shutil.copyfile(folder / MANIFEST, copy)
        done = _ssh_keygen("-Y", "sign", "-n", NAMESPACE, "-f", str(key), str(copy))
        if done.returncode != 0:
            raise InputError(f"{key}: cannot sign with it ({_said(done)})")
        with storage_errors(folder, "writing the signature"):
            signature = Path(f"{copy}.sig").read_bytes()
            write_whole_file(
                folder / SIGNERS, f'{_name(key)} namespaces="{NAMESPACE}" {public_key(signature)}\n'.encode()
            )
            write_whole_file(folder / SIGNATURE, signature)
    return folder / SIGNATURE


def public_key(signature: bytes) -> str:
    """The public key inside an SSH signature, as it stands in a file of keys (PROTOCOL.sshsig of OpenSSH).

    Raises:
        SnapshotError: this is no SSH signature.
    """
    lines = [line for line in signature.splitlines() if not line.startswith(b"-----")]
    try:
        key = _field(base64.b64decode(b"".join(lines), validate=True).removeprefix(b"SSHSIG"), 4)
        kind = _field(key, 0).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise SnapshotError(f"{SIGNATURE} is no SSH signature") from error
    return f"{kind} {base64.b64encode(key).decode()}"


def _field(blob: bytes, start: int) -> bytes:
    end = start + 4 + int.from_bytes(blob[start : start + 4], "big")
    if not start + 4 < end <= len(blob):
        raise ValueError(start)
    return blob[start + 4 : end]


def _name(key: Path) -> str:
    for path in (key, key.with_name(f"{key.name}.pub")):
        try:
            words = path.read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError):
            continue
        if len(words) == 3 and words[0].startswith(("ssh-", "ecdsa-", "sk-")) and _NAME.fullmatch(words[2]):
            return words[2]
    return _ANONYMOUS


def signer(folder: Path, allowed: Path) -> str:
    """Say who of the allowed signers signed a manifest.

    Raises:
        ConfigurationError: ssh-keygen is missing.
        InputError: there is no such file of allowed signers.
        SnapshotError: there is no signature, it is of another manifest, or of nobody who is allowed.
    """
    signature = folder / SIGNATURE
    if not allowed.is_file():
        raise InputError(f'{allowed}: no such file; write one line a signer: NAME namespaces="{NAMESPACE}" KEY')
    if not signature.is_file():
        raise SnapshotError(f"there is no {SIGNATURE} beside the manifest: it is not signed")
    found = _ssh_keygen("-Y", "find-principals", "-s", str(signature), "-f", str(allowed))
    names = found.stdout.decode("utf-8", "replace").splitlines()
    if found.returncode != 0 or not names:
        raise SnapshotError(f"the manifest is signed by nobody whom {allowed.name} allows")
    for name in names:
        checked = _ssh_keygen(
            *("-Y", "verify", "-f", str(allowed), "-I", name, "-n", NAMESPACE, "-s", str(signature)),
            stdin=(folder / MANIFEST).read_bytes(),
        )
        if checked.returncode == 0:
            return name
    raise SnapshotError(f"the signature does not hold ({_said(checked)}): the manifest was changed after it was signed")


def _ssh_keygen(*arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [_program(), *arguments]
    try:
        # an empty input, where none is given: ssh-keygen asks for a passphrase at the terminal, not here
        return subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, input=stdin or b"")
    except subprocess.TimeoutExpired as error:
        raise SnapshotError(f"ssh-keygen did not answer in {_SECONDS} seconds") from error


def _program() -> str:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise ConfigurationError("ssh-keygen is missing: signatures need OpenSSH 8.1 or newer (openssh-client)")
    return program


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip()[:200] if lines else f"ssh-keygen ended with {done.returncode}"
