"""Where an event happened and whom it befell stands with who says so: others may say another thing."""

from __future__ import annotations

import re

import pytest

LINE = re.compile(r'<p class="says">((?:(?!</p>).)*)</p>')
NAMED = re.compile(r'<a href="/en/(?:prison|place|person|court)/[^"]+">[^<]*</a>')


async def page(client, path):
    return (await client.get(path, headers={"accept": "text/html"})).text


async def test_each_place_and_person_of_an_event_is_told_by_its_voices(client):
    text = await page(client, "/en/timeline?type=Transfer")
    lines = LINE.findall(text)
    for name in ("North Prison", "South Prison", "Arman Example"):
        (line,) = [each for each in lines if name in each]
        assert re.search(rf"{name}</a>.*: according to <a [^>]+>The Paper</a>", line)


@pytest.mark.parametrize("path", ["/en/timeline", "/en/person/a", "/en/prison/north", "/en/"])
async def test_no_place_or_person_in_a_list_of_events_is_told_as_a_fact(client, path):
    text = await page(client, path)
    lists = re.findall(r'<ol class="times">.*?</ol>', text, re.DOTALL)
    assert lists
    for listed in lists:
        without_a_voice = LINE.sub(lambda line: "" if "according to" in line[1] else line[0], listed)
        assert NAMED.findall(without_a_voice) == []


async def test_the_record_whose_page_it_is_is_not_repeated_in_its_events(client):
    (listed,) = re.findall(r'<ol class="times">.*?</ol>', await page(client, "/en/person/a"), re.DOTALL)
    assert "/en/person/a" not in listed
