"""The header of a stored query: comment lines at its top, one `# key: value` each; see `docs/queries.md`."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

from dadkhah.engine.queries.parameters import Kind, Parameter
from dadkhah.errors import ParameterError, SourceSyntaxError

_LINE = re.compile(r"#\s*([a-z]+)(?:-([a-z]{2,3}))?\s*:\s*(.*)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Header:
    """What a stored query says about itself.

    Attributes:
        titles: by language.
        descriptions: by language; lines of the same language are joined.
        parameters: in order.
        labels: of parameters in languages other than English: by language, then by parameter.
        columns: what columns of the answer are called: by language, then by variable.
        examples: values with which the query shows something, by parameter.
        tags: for grouping.
    """

    titles: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


def read_header(source: str, file: str) -> tuple[Header, str]:
    """Split a file into its header and its query; SourceSyntaxError says which line is amiss."""
    reader = _HeaderReader(file)
    at = 0
    for number, line in enumerate(source.splitlines(keepends=True), 1):
        if line.strip() and not line.startswith("#"):
            break
        reader.take(line.strip(), number)
        at += len(line)
    return reader.header(), source[at:]


class _HeaderReader:
    """Takes one line after the other."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._titles: dict[str, str] = {}
        self._descriptions: dict[str, str] = {}
        self._parameters: dict[str, Parameter] = {}
        self._labels: dict[str, dict[str, str]] = {}
        self._columns: dict[str, dict[str, str]] = {}
        self._examples: dict[str, str] = {}
        self._tags: tuple[str, ...] = ()

    def header(self) -> Header:
        """What has been read."""
        if "en" not in self._titles:
            raise SourceSyntaxError("the header has no line “# title: …”", file=self._file, line=1)
        unknown = set(self._examples) - set(self._parameters)
        if unknown:
            raise SourceSyntaxError(f"the example names ${min(unknown)}, which is no parameter", file=self._file)
        return Header(
            titles=self._titles,
            descriptions=self._descriptions,
            parameters=tuple(self._parameters.values()),
            labels=self._labels,
            columns=self._columns,
            examples=self._examples,
            tags=self._tags,
        )

    def take(self, line: str, number: int) -> None:
        """Read one line of the header."""
        if line in ("", "#"):
            return
        match = _LINE.fullmatch(line)
        if match is None:
            raise self._amiss("a header line is “# key: value”", number)
        key, language, value = match[1], match[2] or "en", match[3]
        if key == "title":
            self._titles[language] = value
        elif key == "description":
            self._descriptions[language] = f"{self._descriptions.get(language, '')} {value}".strip()
        elif key == "param":
            self._parameter_line(language, value, number)
        elif key == "column":
            self._column(language, value, number)
        elif key == "example":
            name, equals, example = value.partition("=")
            if not equals:
                raise self._amiss("an example is “name=value”", number)
            self._examples[name.strip()] = example.strip()
        elif key == "tags":
            self._tags = tuple(value.replace(",", " ").split())
        else:
            raise self._amiss(
                f"there is no header “{key}”; use title, description, param, column, example, tags", number
            )

    def _parameter_line(self, language: str, value: str, number: int) -> None:
        if language == "en":
            self._declare(self._parameter(value, number), number)
        else:
            self._label(language, value, number)

    def _declare(self, parameter: Parameter, number: int) -> None:
        if parameter.name in self._parameters:
            raise self._amiss(f"the parameter ${parameter.name} is declared twice", number)
        self._parameters[parameter.name] = parameter

    def _label(self, language: str, value: str, number: int) -> None:
        words = self._split(value, number)
        if len(words) != 2:
            raise self._amiss(f'a label in another language is “# param-{language}: name "label"”', number)
        name, label = words
        if name not in self._parameters:
            raise self._amiss(f"the label is of ${name}, which no line above declares", number)
        labels = self._labels.setdefault(language, {})
        if name in labels:
            raise self._amiss(f"the parameter ${name} has two labels in “{language}”", number)
        labels[name] = label

    def _column(self, language: str, value: str, number: int) -> None:
        words = self._split(value, number)
        if len(words) != 2 or _NAME.fullmatch(words[0]) is None:
            raise self._amiss('what a column is called is “# column: variable "heading"”', number)
        self._columns.setdefault(language, {})[words[0]] = words[1]

    def _split(self, value: str, number: int) -> list[str]:
        try:
            return shlex.split(value)
        except ValueError as error:
            raise self._amiss(f"the parameter does not read: {error}", number) from error

    def _parameter(self, value: str, number: int) -> Parameter:
        words = self._split(value, number)
        if len(words) < 2 or _NAME.fullmatch(words[0]) is None:
            raise self._amiss('a parameter is “name kind [required|optional|default=…] ["label"]”', number)
        if words[1] not in list(Kind):
            raise self._amiss(f"there is no kind “{words[1]}”; use {', '.join(Kind)}", number)
        try:
            parameter = _with_options(words[0], Kind(words[1]), words[2:])
            if parameter.default is not None:
                parameter.term(parameter.default, {})
        except ValueError as error:
            raise self._amiss(str(error), number) from error
        except ParameterError as error:
            raise self._amiss(f"the default does not fit: {error}", number) from error
        return parameter

    def _amiss(self, problem: str, number: int) -> SourceSyntaxError:
        return SourceSyntaxError(problem, file=self._file, line=number)


def _with_options(name: str, kind: Kind, words: list[str]) -> Parameter:
    """Read what follows the kind; ValueError says which word is amiss."""
    required, several = False, False
    options: dict[str, str] = {}
    label = ""
    expects_default = False
    for word in words:
        option, equals, value = word.partition("=")
        if expects_default:
            options["default"], expects_default = word, False
        elif word in ("required", "optional"):
            required = word == "required"
        elif word == "list":
            several = True
        elif word == "default":
            expects_default = True
        elif equals and option in ("default", "min", "max", "choices"):
            options[option] = value
        elif not label:
            label = word
        else:
            raise ValueError(f"“{word}” is no option of a parameter")
    bounds = {key: int(options[key]) for key in ("min", "max") if key in options}
    if required and "default" in options:
        raise ValueError(f"${name} is required and has a default: one of the two")
    return Parameter(
        name=name,
        kind=kind,
        required=required,
        default=options.get("default"),
        several=several,
        minimum=bounds.get("min"),
        maximum=bounds.get("max"),
        choices=tuple(options["choices"].split("|")) if "choices" in options else (),
        label=label,
    )
