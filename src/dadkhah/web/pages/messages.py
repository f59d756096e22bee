"""Errors and notes in the language of the page: a sentence for each kind, and what the program says of the case.

In: an error, or a note that a list carries. Out: HTML. The layers below write their messages in English and know no
other language; `messages` of `words/fa.json` holds those that a reader may meet, with `{}` where they hold a value.
One that is not there stands below the sentence for its kind, marked as English. It must not judge an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from markupsafe import Markup, escape

from dadkhah.errors import DadkhahError
from dadkhah.web.pages.markup import Words, plain
from dadkhah.web.pages.texts import TEXTS
from dadkhah.web.wire.problems import HIDDEN, HttpError, code_of, problem_of

_MARKED = Markup('<span lang="en" dir="ltr">{}</span>')
_NUMBER = re.compile(r"[0-9]{1,3}(?:,?[0-9]{3})*")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong.

    Attributes:
        text: in the language of the page.
        message: the program's own words, in English; empty where `text` says as much.
    """

    text: Markup
    message: str = ""


def complaint(error: Exception, language: str) -> Complaint:
    """Tell a reader what is wrong; of a fault of the service, no more than that it is one."""
    problem = orjson.loads(problem_of(error).body)
    detail: str = problem["detail"]
    texts, place = TEXTS[language], _place(problem, language)
    if language == "en":
        return Complaint(escape(detail) + place)
    told = translated(detail, language)
    kind = next((texts["problems"][code] for code in _codes(error) if code in texts["problems"]), "")
    shown = (told or escape(kind or texts.get(f"status_{problem['status']}", texts["status_500"]))) + place
    own = isinstance(error, (DadkhahError, HttpError)) and not isinstance(error, HIDDEN)
    return Complaint(shown, detail if own and not told else "")


def _place(problem: Mapping[str, Any], language: str) -> str:
    """Where in a text it is, with a space before it; empty where that is not known."""
    if "line" not in problem or "column" not in problem:
        return ""
    words = Words(language)
    place = TEXTS[language]["problem_place"]
    return f" {place.format(line=words.number(problem['line']), column=words.number(problem['column']))}"


def validation(error: RequestValidationError, language: str) -> Complaint:
    """Tell a reader which values of an address do not fit."""
    found = [(str(one["loc"][-1]), one) for one in error.errors()[:5]]
    if language == "en":
        return Complaint(escape("; ".join(f"{name}: {one['msg']}" for name, one in found)))
    expected: Mapping[str, str] = TEXTS[language]["expected"]
    told = [Markup(expected.get(one["type"], expected["other"])).format(**_values(name, one)) for name, one in found]  # noqa: S704 - a text of ours, values are escaped by format
    return Complaint(Markup(" ").join(told))


def note(text: str, language: str) -> Markup:
    """A note of a list; as it came, and marked, where it has no counterpart."""
    return escape(text) if language == "en" else translated(text, language) or _MARKED.format(text)


def translated(message: str, language: str) -> Markup | None:
    """The counterpart of an English message; None where there is none."""
    for pattern, counterpart in _patterns(language):
        if match := pattern.fullmatch(message):
            return Markup(counterpart).format(*(_value(value, language) for value in match.groups()))  # noqa: S704 - a text of ours, values are escaped by format
    return None


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    known: Mapping[str, str] = TEXTS[language]["messages"]
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, message.split("{}"))), re.DOTALL), counterpart)
        for message, counterpart in known.items()
    )


def _value(value: str, language: str) -> Markup:
    """A value inside a message: numbers in the digits of the language, anything else set apart."""
    if _NUMBER.fullmatch(value):
        return escape(Words(language).number(int(value.replace(",", ""))))
    return plain(value)


def _values(name: str, one: Mapping[str, Any]) -> dict[str, Markup]:
    bounds = {key: plain(str(value)) for key, value in one.get("ctx", {}).items()}
    return {"name": plain(name), **bounds}


def _codes(error: Exception) -> list[str]:
    """The names of an error's class and of those it is a case of, the nearest first."""
    return [code_of(kind) for kind in type(error).__mro__ if issubclass(kind, DadkhahError)]
