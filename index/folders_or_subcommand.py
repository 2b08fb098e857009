"""The command group of `quotewire index`, which takes folders or a subcommand."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class FoldersOrSubcommand(TyperGroup):
    """A command group that takes either a subcommand or any number of folders, with options before and after them."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters; in the usage line of a subcommand, which asks for them too, without the folders."""
        params = super().get_params(ctx)
        return params if ctx.command is self else [param for param in params if param.param_type_name != "argument"]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the first argument that is no option for a subcommand if it is the name of one, else for a folder."""
        values, _, _ = self.make_parser(ctx).parse_args(list(args))
        rest = values.get("sources") or ()  # everything from the first argument on that is no option
        if rest and rest[0] in self.commands:
            super().parse_args(ctx, args[: len(args) - len(rest)])
            ctx._protected_args, ctx.args = [rest[0]], list(rest[1:])
            return list(ctx.args)
        ctx.allow_interspersed_args = True
        return super().parse_args(ctx, args)
