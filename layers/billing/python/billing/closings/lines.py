"""A rated line of a closing or a simulation, with its arithmetic in words (CHG-09)."""

from billing.core.entity import Entity
from billing.rating.lines import RatedLine
from billing.rating.rendering import tell
from billing.rating.units import written


class Line(Entity):
    """Uma linha do fechamento e o porquê do valor."""

    line: RatedLine
    unit: str | None = None
    """A unidade, por extenso."""
    why: tuple[str, ...]
    """O cálculo, passo a passo, na ordem."""


def explained(line: RatedLine) -> Line:
    """A line with its arithmetic in words."""
    return Line(line=line, unit=written(line.unit), why=tuple(tell(line.explanation, line.unit)))
