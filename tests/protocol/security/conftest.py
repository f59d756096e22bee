"""Real services to be attacked: one over a hostile graph, one public and one internal over a project with secrets."""

import gzip
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_SPEC = importlib.util.spec_from_file_location("hostile", ROOT / "tests/faults/hostile.py")
hostile = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hostile)

IDS = "https://w3id.org/dadkhah/id/person/"
PREFIXES = """@prefix dk: <https://w3id.org/dadkhah/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix person: <https://w3id.org/dadkhah/id/person/> .

"""
# a name, an opaque identifier and a telephone number that no public byte may hold
SECRET_NAME, SECRET_ID, ABSENT_ID = "Zohreh Vaezinamdar", "p-0a1b2c3d", "p-4e5f6071"
WITHDRAWN_ID = "p-99887766"
AUTHORITY = f"""{PREFIXES}
person:open-person a dk:Person ;
    skos:prefLabel "Open Person"@en .

person:{SECRET_ID} a dk:Person ;
    skos:prefLabel "{SECRET_NAME}"@en ;
    dk:protection dk:Restricted .

person:{WITHDRAWN_ID} a dk:Tombstone ;
    dk:withdrawnOn "2025-11-01"^^xsd:date ;
    dk:reason "on request"@en .
"""


class Answer:
    """Status, headers in lower case, body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, {name.lower(): value for name, value in headers}, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Redirects are looked at and not followed."""

    def redirect_request(self, *_):
        return None


class Service:
    """A running service."""

    def __init__(self, address, process):
        self.address, self.process = address, process
        parts = urllib.parse.urlsplit(address)
        self.host, self.port = parts.hostname, parts.port
        self._opener = urllib.request.build_opener(NoRedirect, urllib.request.ProxyHandler({}))

    def ask(self, path, *, method="GET", body=None, seconds=60, **headers):
        """One request; header names with underscores in the place of dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.address + path, data=body, method=method, headers=named)
        try:
            with self._opener.open(request, timeout=seconds) as answer:
                return Answer(answer.status, answer.getheaders(), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers.items(), error.read())

    def raw(self, data, *, seconds=10):
        """Send bytes as they are; give all that comes back until the service closes, or until the time is up."""
        with socket.create_connection((self.host, self.port), timeout=seconds) as sock:
            found = b""
            try:
                sock.sendall(data)
                while piece := sock.recv(65_536):
                    found += piece
            except (TimeoutError, ConnectionError):
                pass
            return found

    def is_alive(self):
        return self.process.poll() is None and self.ask("/healthz").status == 200


def started(folder, *arguments, known_address=True):
    """Start a service and wait until it serves; where it calls itself by another address, the port is chosen here."""
    port = "0"
    if not known_address:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            port = str(sock.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "dadkhah.cli", "serve", "--port", port, *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    lines = []
    for line in process.stderr:
        lines.append(line)
        if '"serving"' in line:
            address = json.loads(line)["address"] if known_address else f"http://127.0.0.1:{port}"
            service = Service(address, process)
            service.ask("/en/", seconds=180)  # pages load meanwhile, on a busy machine for long
            return service
    pytest.fail(f"it did not start; exit code {process.wait()}: {''.join(lines)}")


def ended(service):
    service.process.send_signal(signal.SIGTERM)
    service.process.wait(timeout=30)
    service.process.stderr.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """Over a graph whose texts and IRIs are attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    people = "\n".join(
        f'<{IDS}person-{number}> <{hostile.LABEL}> "Person {number}"@en .\n'
        f"<{IDS}person-{number}> <{hostile.TYPE}> <{hostile.OWN}Person> .\n"
        f"<{IDS}person-{number}> <{hostile.OWN}knows> <{IDS}person-{(number + 1) % 40}> ."
        for number in range(40)
    )
    with gzip.open(folder / "graph.nt.gz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join((people, *hostile.lines(IDS))) + "\n")
    made = started(folder, "--rdf", "graph.nt.gz")
    yield made
    ended(made)


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A project with a public, a restricted and a withdrawn record, built for both profiles."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("ontology", "queries"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "data/authority").mkdir(parents=True)
    (folder / "data/sources").mkdir()
    (folder / "data/authority/persons.ttl").write_text(AUTHORITY, encoding="utf-8")
    for profile in ("public", "internal"):
        done = command(folder, "build", "--profile", profile, "--out", profile)
        assert done.returncode == 0, done.stderr + done.stdout
    return folder


def command(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "dadkhah.cli", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="session")
def run():
    return command


@pytest.fixture(scope="session")
def public(project):
    made = started(project, "--snapshots", "public")
    yield made
    ended(made)


@pytest.fixture(scope="session")
def token(project):
    made = command(project, "token", "archive-team", "--file", "tokens")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


@pytest.fixture(scope="session")
def internal(project, token):
    assert token
    made = started(project, "--snapshots", "internal", "--tokens", "tokens")
    yield made
    ended(made)


@pytest.fixture(scope="session")
def secrets():
    """What no public byte may hold: a name, an identifier; and an identifier of the same kind that there is not."""
    return SECRET_NAME, SECRET_ID, ABSENT_ID


@pytest.fixture(scope="session")
def withdrawn():
    return WITHDRAWN_ID


@pytest.fixture(scope="module")
def started_with(project):
    """Start the public service with other settings."""
    running = []

    def start(*arguments):
        running.append(started(project, "--snapshots", "public", *arguments, known_address=False))
        return running[-1]

    yield start
    for made in running:
        ended(made)
