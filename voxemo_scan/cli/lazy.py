"""A command group that imports a command's module only when that command is meant."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from voxemo_scan.cli.commands import COMMANDS
from voxemo_scan.cli.exits import run_to_exit_code


class LazyGroup(TyperGroup):
    """Lists the commands of ``COMMANDS`` without importing their modules.

    An error that the user can mend is printed without a traceback and becomes its exit code.
    """

    def list_commands(self, _ctx: Any) -> list[str]:
        """Return the commands' names in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """Return the command as its line of help; None if there is none of this name."""
        line = COMMANDS.get(cmd_name)
        return TyperCommand(cmd_name, help=line) if line else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return name, command and remaining arguments, the command with its module."""
        self.commands = {name: self.get_command(ctx, name) for name in COMMANDS}
        name, command, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if command is not None and name else None, rest

    def invoke(self, ctx: Any) -> None:
        """Run the command that was asked for."""
        if code := run_to_exit_code(lambda: super(LazyGroup, self).invoke(ctx)):
            raise typer.Exit(code)


def load_command(name: str) -> Any:
    """Import the module of the command ``name`` and return the command, or the group, it makes."""
    module = import_module(f"voxemo_scan.cli.{name}")
    if hasattr(module, "app"):
        return typer.main.get_command(module.app)
    single = typer.Typer(add_completion=False, rich_markup_mode=None)
    single.command(name)(module.command)
    return typer.main.get_command(single)
