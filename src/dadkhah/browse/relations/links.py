"""The links of the graph: which statements connect two records, read around batches of nodes.

In: an `Ask` and IRIs. Out: links, bounded per batch. A link is a statement whose subject and object are both IRIs that
the graph says something about, by a predicate that is not bookkeeping. Every query names its nodes in a VALUES block
inside each branch of a UNION, since a join outside of it would read the whole graph. It must not decide how far to go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dadkhah.browse import terms
from dadkhah.browse.ask import Ask
from dadkhah.browse.degrees import COUNTED, degrees, frequent
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Iri, Row

# nodes in one query: the text stays under 20 KB and the answer, at ten links a node, near 200 KB
BATCH = 200


class Link(NamedTuple):
    """A statement that connects two records."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """Which statements are links.

    Attributes:
        bookkeeping: predicates that say where a statement was read or what class a thing has, not how things are
            related; never followed.
        vocabulary: namespaces whose IRIs are concepts, such as "grossly unfair": shared by too many records to
            relate them.
        relations: where not empty, only these predicates are links.
        avoid: predicates left out at the reader's wish.
        without: records that are left out altogether.
        hub_links: a node with more links than this is not followed.
    """

    bookkeeping: frozenset[str] = frozenset()
    vocabulary: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    avoid: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    hub_links: int = 1_000

    def predicate_filter(self) -> str:
        """SPARQL that keeps `?p` to what may be a link.

        Only the predicates that every record has are left out here: a long list costs the engine more per statement
        than reading the few others (30 ms against 100 for 200 nodes, seen); `is_link` does the rest.
        """
        if self.relations:
            wanted = [relation for relation in self.relations if relation not in self.avoid]
            return f"FILTER(?p IN ({_comma(wanted)}))"
        return f"FILTER(?p NOT IN ({_comma(frequent(self.bookkeeping))}))"

    def is_link(self, link: Link) -> bool:
        """Whether a statement is a link."""
        if link.predicate in self.avoid or link.predicate in self.bookkeeping:
            return False
        if self.relations and link.predicate not in self.relations:
            return False
        if link.subject in self.without or link.object in self.without:
            return False
        return not any(end.startswith(space) for end in (link.subject, link.object) for space in self.vocabulary)


def _comma(texts: Sequence[str]) -> str:
    return ", ".join(terms.iri(text) for text in texts)


def links_query(scheme: Scheme, policy: LinkPolicy, nodes: Sequence[str], limit: int) -> str:
    """The links that begin or end at these nodes; one that joins two of them comes twice."""
    block = terms.iris(nodes)
    predicate = policy.predicate_filter()
    # an object that is nowhere a subject is a mere value
    outgoing = f"VALUES ?s {{ {block} }} ?s ?p ?o . {predicate} FILTER(isIRI(?o))"
    incoming = f"VALUES ?o {{ {block} }} ?s ?p ?o . {predicate} FILTER(isIRI(?s))"
    exists = f"FILTER EXISTS {scheme.anywhere('?o ?op ?oo')}"
    branches = f"{{ {scheme.anywhere(outgoing)} {exists} }} UNION {scheme.anywhere(incoming)}"
    return f"SELECT ?s ?p ?o WHERE {{ {branches} }} LIMIT {limit}"


@dataclass(frozen=True, slots=True)
class Reach:
    """Links around nodes, and those nodes that have too many."""

    links: tuple[Link, ...]
    hubs: frozenset[str]


async def links_around(
    ask: Ask, scheme: Scheme, policy: LinkPolicy, nodes: Sequence[str], keep: frozenset[str]
) -> Reach:
    """Read the links around nodes, in batches; a batch over its bound is read again without the hubs it shows.

    Hubs that the build counted are never read.

    Args:
        ask: what answers.
        scheme: layout of the graph.
        policy: what a link is.
        nodes: distinct IRIs.
        keep: nodes whose links are kept, as far as the bound goes, even if they are hubs: the ends of a search.
    """
    links: dict[Link, None] = {}
    hubs = known_hubs(ask, scheme, policy, nodes)
    measured = _surely_small(ask, scheme, policy, nodes)
    waiting = _batches([node for node in nodes if node not in hubs]) + [[node] for node in sorted(hubs & keep)]
    while waiting:
        batch = waiting.pop()
        # a batch may have twice as many links as its nodes usually have, more where no hub is left in it, or one node
        # up to the bound
        usual = 100 if measured.issuperset(batch) else 20
        limit = max(policy.hub_links, usual * len(batch))
        rows = await ask(links_query(scheme, policy, batch, limit + 1))
        seen = [_read(row) for row in rows[:limit]]
        found = _hubs(seen, batch, policy.hub_links)
        if len(rows) > limit and len(batch) > 1:
            # the rows show one or two of the hubs; all at once are told by counting
            unmeasured = [node for node in batch if node not in measured]
            found |= await _hubs_among(ask, scheme, policy, unmeasured)
            measured.update(unmeasured)
            hubs |= found - keep
            rest = [node for node in batch if node not in found]
            middle = len(rest) // 2
            waiting += [[node] for node in found & keep]
            waiting += [part for part in ([rest] if found else [rest[:middle], rest[middle:]]) if part]
            continue
        if len(rows) > limit:
            found.add(batch[0])
        hubs |= found
        links.update(dict.fromkeys(link for link in seen if policy.is_link(link)))
    followed = set(nodes) - (hubs - keep)
    return Reach(
        tuple(sorted(link for link in links if link.subject in followed or link.object in followed)), frozenset(hubs)
    )


def _batches(nodes: Sequence[str]) -> list[list[str]]:
    return [list(nodes[start : start + BATCH]) for start in range(0, len(nodes), BATCH)]


def known_hubs(ask: Ask, scheme: Scheme, policy: LinkPolicy, nodes: Iterable[str] | None = None) -> set[str]:
    """Those that the build counted more links of than may be followed, of all records or of these.

    None where only some relations are followed, since the build counted all.
    """
    counted = degrees(ask, scheme)
    if counted is None or policy.relations:
        return set()
    among = counted if nodes is None else nodes
    return {node for node in among if counted.get(node, 0) > policy.hub_links}


def _surely_small(ask: Ask, scheme: Scheme, policy: LinkPolicy, nodes: Sequence[str]) -> set[str]:
    """Those that the build would have counted if they had too many links."""
    counted = degrees(ask, scheme)
    if counted is None or policy.hub_links < COUNTED:
        return set()
    return {node for node in nodes if counted.get(node, 0) <= policy.hub_links}


async def _hubs_among(ask: Ask, scheme: Scheme, policy: LinkPolicy, nodes: Sequence[str]) -> set[str]:
    """Nodes with more links than may be followed: one query, which counts no further than that at each node."""
    if not nodes:
        return set()
    most = policy.hub_links + 1
    counted = " UNION ".join(
        f"{{ {{ SELECT (COUNT(*) AS ?n) WHERE {{ {{ {links_query(scheme, policy, [node], most)} }} }} }} "
        f"BIND({terms.iri(node)} AS ?node) }}"
        for node in nodes
    )
    rows = await ask(f"SELECT ?node ?n WHERE {{ {counted} }}")
    return {row["node"].value for row in rows if int(row["n"].value) >= most}


async def links_among(
    ask: Ask, scheme: Scheme, policy: LinkPolicy, nodes: Sequence[str], onto: frozenset[str] | None = None
) -> tuple[Link, ...]:
    """The links that begin at these nodes and end at them too, or at `onto`: all outgoing, so hubs cost nothing."""
    inside = frozenset(nodes) if onto is None else onto
    found: dict[Link, None] = {}
    for batch in _batches(nodes):
        pattern = scheme.anywhere(
            f"VALUES ?s {{ {terms.iris(batch)} }} ?s ?p ?o . {policy.predicate_filter()} FILTER(isIRI(?o))"
        )
        rows = await ask(f"SELECT ?s ?p ?o WHERE {pattern} LIMIT {100 * BATCH}")
        links = (_read(row) for row in rows)
        found.update(dict.fromkeys(link for link in links if link.object in inside and policy.is_link(link)))
    return tuple(sorted(found))


def _hubs(links: Sequence[Link], batch: Sequence[str], hub_links: int) -> set[str]:
    """Nodes of a batch that have more links than may be followed."""
    degree = Counter(end for link in links for end in (link.subject, link.object))
    return {node for node in batch if degree[node] > hub_links}


def _read(row: Row) -> Link:
    return Link(row["s"].value, row["p"].value, row["o"].value)


def voices_query(scheme: Scheme, links: Sequence[Link]) -> str:
    """Which graphs hold these statements; for the default graph `?g` is unbound."""
    block = terms.values(("s", "p", "o"), ([Iri(part) for part in link] for link in links))
    return f"SELECT ?s ?p ?o ?g WHERE {scheme.attributed(f'{block} ?s ?p ?o')}"
