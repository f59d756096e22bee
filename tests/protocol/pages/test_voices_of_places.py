"""Where an event happened stands in a list with who says so, each place by itself: others may say another."""

from __future__ import annotations

import re


async def test_each_place_of_an_event_is_told_by_its_voices(client):
    text = (await client.get("/en/timeline?type=Transfer", headers={"accept": "text/html"})).text
    lines = re.findall(r'<p class="says">(?:(?!</p>).)*</p>', text)
    for prison in ("North Prison", "South Prison"):
        (line,) = [each for each in lines if prison in each]
        assert re.search(rf"{prison}</a> · according to <a [^>]+>The Paper</a>", line)
    # no place stands there without a voice
    assert text.count("North Prison</a>") == 1


async def test_no_place_of_the_latest_events_is_told_as_a_fact(client):
    text = (await client.get("/en/timeline?type=Execution", headers={"accept": "text/html"})).text
    for found in re.finditer(r'<a href="/en/(?:prison|place)/[^"]+">[^<]*</a>', text):
        assert text[found.end() :].startswith(" · according to ")
