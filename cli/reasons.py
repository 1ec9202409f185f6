"""Why a finding is said, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.console import shown

if TYPE_CHECKING:
    from diffing.why import Line, Norm, Why
    from state.model import Finding


def print_why(why: Why, finding: Finding) -> None:
    """The finding, then its rule, cause, facts, norms, and what stood back for it."""
    click.echo(f"{finding.severity.value:>8}  {finding.kind}: {finding.title}")
    click.echo(f"          {finding.reason}")
    click.echo(f"          said by {why.rule}")
    if why.cause is not None:
        _part("follows from", [_line(why.cause)])
    left = why.fact_count - len(why.facts)
    _part(f"facts ({why.fact_count:,})", [*why.facts, *([f"and {left:,} more"] if left else [])])
    _part("usual", [_norm(each) for each in why.norms])
    _part("stood back", [_line(each) for each in why.stood_back])


def _part(name: str, lines: list[str]) -> None:
    click.echo(f"          {name}{':' if lines else ': nothing'}")
    for line in lines:
        click.echo(f"            {line}")


def _line(line: Line) -> str:
    return f"{line.rule}, over {line.facts:,} of them: {line.title}"


def _norm(norm: Norm) -> str:
    past = f"median {shown(norm.median)}, routine up to {shown(norm.routine)} in {norm.releases:,} releases"
    return f"{norm.table}, {norm.measure}: {shown(norm.now)} now; {past}"
