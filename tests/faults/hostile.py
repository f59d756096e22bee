"""A graph whose texts, IRIs, languages and classes try to get out of whatever shows them.

In: a namespace. Out: N-Triples. The identifiers are those by which the given attacks ask for stored values
(`hostile-001` and on); what is stored is ours.
"""

import json

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
OWN = "http://example.org/ns#"
MARK = "xssmark"
TEXTS = (
    f'<script>alert("{MARK}")</script>',
    f'"><img src=x onerror=alert("{MARK}")>',
    f'<svg/onload=alert("{MARK}")>',
    f"</title><script>{MARK}()</script>",
    f"</script><script>{MARK}()</script>",
    f'" onmouseover="{MARK}()" x="',
    "{{7*7}}${7*7}<%= 7*7 %>{% print(1) %}",
    f"[x](javascript:{MARK}())",
    f'<a href="javascript:{MARK}()">x</a>',
    f'<iframe srcdoc="<script>{MARK}()</script>">',
    f'<style>@import "//evil.example/{MARK}"</style>',
    f'<base href="//evil.example/"><meta http-equiv=refresh content="0;url=//evil.example/{MARK}">',
    "\u202egro.elpmaxe//:sptth\u202c abc \u2066x",
    "\u200f\u200e\u061cname",
    "\u0420\u0435rs\u043en \u0430dmin",
    "a" + "\u0301" * 3000,
    "a\u0001\u0008\u000b\u001b[31m\u007f\u0085b",
    "long " * 20_000,
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    f"line\r\nX-Inj: 1\r\n\r\n<script>{MARK}()</script>",
    f"</textarea><script>{MARK}()</script>",
    f"<!--><script>{MARK}()</script-->",
    f"']]><script>{MARK}()</script>",
    f"\uff1cscript\uff1e{MARK}()\uff1c/script\uff1e",
    f"&lt;script&gt;{MARK}()&lt;/script&gt;&#x3c;b onclick={MARK}()&#x3e;",
)
IRIS = (
    f"javascript:{MARK}()",
    f"JaVaScRiPt:{MARK}()",
    "data:text/html;base64,PHNjcmlwdD54c3NtYXJrKCk8L3NjcmlwdD4=",
    f"vbscript:{MARK}",
    "data:image/svg+xml,%3Csvg%20onload=xssmark()%3E",
    "file:///etc/passwd",
    "//evil.example/x",
    "\\\\evil.example\\x",
    f"https://evil.example/'onclick='{MARK}()",
    "https://evil.example/%0d%0aX-Inj:%201",
)


def lines(namespace):
    """The triples, one to a line."""
    for number, text in enumerate(TEXTS, 1):
        thing = f"<{namespace}hostile-{number:03}>"
        yield f"{thing} <{TYPE}> <{OWN}Person> ."
        yield f"{thing} <{LABEL}> {written(text)} ."
        yield f"{thing} <{OWN}note> {written(text)}@fa ."
        yield f"{thing} <{OWN}odd> {written(text)}^^<{OWN}odd-datatype> ."
        yield f"{thing} <{OWN}site> <javascript:{MARK}()> ."
        yield f"<{namespace}person-5> <{OWN}knows> {thing} ."
    for number, iri in enumerate(good_iris(), len(TEXTS) + 1):
        thing = f"<{namespace}hostile-{number:03}>"
        yield f'{thing} <{LABEL}> "An IRI of kind {number}" .'
        yield f"{thing} <{TYPE}> <{iri}> ."
        yield f"{thing} <{iri}> <{iri}> ."
        yield f"{thing} <http://xmlns.com/foaf/0.1/homepage> <{iri}> ."
        yield f"{thing} <http://www.w3.org/2002/07/owl#sameAs> <{iri}> ."
        yield f"{thing} <http://www.w3.org/2004/02/skos/core#exactMatch> <{iri}> ."
        yield f"<{iri}> <{LABEL}> {written(TEXTS[0])} ."
        yield f"<{iri}> <{OWN}knows> {thing} ."


def good_iris():
    """Those that RDF lets through: absolute, and without characters that no IRI has."""
    return [iri for iri in IRIS if ":" in iri.split("/")[0] and not set(iri) & set('\\<>"{}|^` ')]


def written(text):
    """A literal in N-Triples."""
    return json.dumps(text).replace("\x7f", "\\u007F")
