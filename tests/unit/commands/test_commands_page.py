"""docs/commands.md names every command and every option, and its examples are of commands that there are."""

import re
import shlex
from pathlib import Path

import click
import pytest

from dadkhah.cli import COMMANDS, group

PAGE = (Path(__file__).parents[3] / "docs/commands.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## dadkhah ([a-z -]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def commands():
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", each) for inner, each in command.commands.items())
        else:
            yield name, command


ALL = dict(commands())


@pytest.mark.parametrize("name", ALL)
def test_a_command_has_a_section_with_every_option_and_an_example(name):
    assert name in SECTIONS, f"docs/commands.md has no section '## dadkhah {name}'"
    section = SECTIONS[name]
    options = [option for each in ALL[name].params if isinstance(each, click.Option) for option in each.opts]
    missing = [option for option in options if f"`{option}`" not in section]
    assert not missing, f"docs/commands.md: '## dadkhah {name}' does not name {', '.join(missing)}"
    assert re.search(rf"^\$ .*dadkhah {name}\b", section, re.MULTILINE)


def test_no_section_is_of_a_command_that_is_gone():
    assert set(SECTIONS) == set(ALL)


@pytest.mark.parametrize("name", SECTIONS)
def test_every_example_uses_options_that_there_are(name):
    for line in re.findall(r"^\$ (?:[A-Z_]+=\S+ )*dadkhah (.*)$", SECTIONS[name], re.MULTILINE):
        words = shlex.split(line.partition(" > ")[0])
        called = next(each for each in (" ".join(words[:2]), words[0]) if each in ALL)
        known = {option for each in ALL[called].params for option in each.opts}
        assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("name", ALL)
def test_every_command_explains_itself_with_an_example(name):
    with click.Context(ALL[name], info_name=f"dadkhah {name}") as context:
        text = ALL[name].get_help(context)
    assert "Example" in text
    assert f"dadkhah {name}" in text.partition("Example")[2]


def test_every_exit_code_is_explained():
    from dadkhah.cli.exits import _EXIT_CODES

    table = PAGE.partition("| exit code | means |")[2].partition("\n\n")[0]
    assert {0, 1, *_EXIT_CODES.values()} == {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)}


def test_every_rule_that_a_finding_may_carry_is_listed():
    root = Path(__file__).parents[3]
    rules = {path.stem for path in (root / "queries/checks").glob("*.rq")}
    for path in (root / "src/dadkhah/source").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        rules |= set(re.findall(r'Problem\([^)]*?, name, "([a-z-]+)"', text))
        rules |= set(re.findall(r'yield \(?\s*"([a-z-]+)"', text))
        rules |= set(re.findall(r'_RULE = "([a-z-]+)"', text))
    assert len(rules) > 25
    listed = PAGE.partition("## Rules of check")[2]
    assert {rule for rule in rules if not re.search(rf"^\|[^|]*\b{rule}\b", listed, re.MULTILINE)} == set()
