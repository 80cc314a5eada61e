"""Explanations in Portuguese, for the screen and the invoice's annex: "1.800 páginas × R$ 0,0500 = R$ 90,00"."""

from billing.rating.explanation import Explanation
from billing.rating.lines import RatedLine
from billing.rating.replay import RULES
from billing.rating.units import written


def tell(explanation: Explanation, unit: str | None = None) -> list[str]:
    """One sentence for each step, in order; a rounding that changed nothing is left out."""
    name = written(unit)
    return [
        RULES[step.rule].tell(step, name)
        for step in explanation.steps
        if step.rule != "round" or step.before != step.after
    ]


def tell_line(line: RatedLine) -> str:
    """The whole arithmetic of a line in one paragraph."""
    return "; ".join(tell(line.explanation, line.unit)).replace("; ×", " ×").replace("; +", " +")
