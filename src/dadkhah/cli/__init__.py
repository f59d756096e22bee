"""The command line: the composition root, where settings are read and parts are put together.

One module per command (or family of commands), loaded only when it is called, so that `dadkhah query` does not
pay for importing the validator.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from dadkhah import __version__
from dadkhah.cli.exits import exit_code
from dadkhah.errors import DadkhahError, QueryRefused, QuerySyntaxError

# command name -> module below dadkhah.cli that holds a click command of the same name (dashes become underscores)
COMMANDS: dict[str, str] = {
    "compare": "compare",
    "import": "import_",
    "link": "link",
    "review": "review",
    "train-names": "train",
    "build": "build",
    "config": "config",
    "serve": "serve",
    "check": "check",
    "shacl": "shacl",
    "snapshots": "snapshots",
    "sign": "sign",
    "token": "token",
    "source": "source",
    "new": "new",
    "fmt": "fmt",
    "export": "export",
    "diff": "diff",
    "verify": "verify",
    "query": "query",
    "publish": "publish",
    "disagreements": "disagreements",
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in alphabetical order."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"dadkhah.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, {"import": "import_"}.get(cmd_name, cmd_name.replace("-", "_")))  # a word of Python
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dadkhah")
def group() -> None:
    """The knowledge graph of political imprisonment: check, build, query and serve it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code (see `dadkhah.cli.exits`)."""
    try:
        result = group.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except DadkhahError as error:
        click.echo(f"error: {_told(error)}", err=True)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        # the reader of our output went away (`dadkhah query … | head`): not an error of ours
        sys.stderr.close()
        sys.exit(0)
    sys.exit(result if isinstance(result, int) else 0)


def _told(error: DadkhahError) -> str:
    """The error's text, with the place in a query where it has one."""
    if isinstance(error, (QuerySyntaxError, QueryRefused)) and error.line is not None:
        return f"{error} (line {error.line}, column {error.column or 1})"
    return str(error)
