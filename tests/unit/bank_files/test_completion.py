"""A payment that a bank sends again (BNK-05)."""

from datetime import date

import pytest

from billing.bank_files.completion import complete
from billing.bank_files.model import OccurrenceOutcome, OccurrenceRow
from billing.core.money import Money
from tests.unit.bank_files.test_effects import paid

TENTH = date(2026, 4, 10)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("credited_on", "tariff", "differing"),
    [
        (TENTH, "1.50", None),
        (date(2026, 4, 11), "1.50", "a data de crédito"),
        (TENTH, "1.51", "a tarifa"),
        (date(2026, 4, 9), "2.00", "a data de crédito e a tarifa"),
        (None, "0.00", None),
    ],
)
def test_line_that_contradicts_the_first_has_no_effect_and_says_which_fields_differ(
    credited_on: date | None, tariff: str, differing: str | None
) -> None:
    """The first was credited on the 10th with a tariff of R$ 1.50; what the second leaves out contradicts nothing."""
    line = paid("100.00")._replace(credited_on=TENTH, tariff=Money("1.50"))
    first = OccurrenceRow.of(line, "occ_1", "ret_1", OccurrenceOutcome.APPLIED, "Recebido.")
    again = line._replace(credited_on=credited_on, tariff=Money(tariff))

    done = complete(None, None, None, first, again)  # type: ignore[arg-type]  # nothing is written

    assert done.outcome is OccurrenceOutcome.REPEATED
    where = "Ocorrência já aplicada pela linha 2 de um retorno já recebido; sem efeito."
    said = "" if differing is None else f" A linha diz de outro modo {differing}: confira com o banco."
    assert done.message == where + said
