"""Reads returns of Itaú, CNAB 400: lines in, occurrences out. Notes and pages are those of the manual in `cnab400`.

"Valor principal" is what enters the account: the tariff is out of it, interest and fine are in it. What the payer paid is therefore
that amount plus the tariff (seen in published files: title 48.75, tariff 2.10, interest 1.02, principal 47.67).
"""

from collections.abc import Sequence

from billing.banking.layouts.itau.cnab400 import RETURN_HEADER, RETURN_PIX, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.itau.cnab400_codes import DETAILS, OCCURRENCES, PIX_ERRORS, REASONS
from billing.banking.layouts.record import to_day, to_money, to_number
from billing.banking.layouts.return_400 import Layout400
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import Occurrence, Reason, meanings_of, reasons_of
from billing.banking.pix import read_code
from billing.core.errors import InvalidInput
from billing.core.money import ZERO, Money

_TITLE = RETURN_TITLE.slicer(
    "agencia",
    "conta",
    "ocorrencia",
    "nosso_numero",
    "carteira",
    "uso_empresa",
    "numero_documento",
    "vencimento",
    "data_ocorrencia",
    "data_credito",
    "valor_titulo",
    "juros_multa",
    "desconto",
    "abatimento",
    "tarifa",
    "valor_principal",
    "instrucao_cancelada",
    "erros",
    "codigo_liquidacao",
)
_HEADER = RETURN_HEADER.slicer("agencia", "conta", "sequencial_arquivo", "data_geracao")
_TOTALS = RETURN_TRAILER.slicer("quantidade_detalhes", "valor_total")
_PIX = RETURN_PIX.slicer("emv", "erro_pix")
_MEANINGS = meanings_of(OCCURRENCES, REASONS, DETAILS)


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return list(map(_occurrence, lines, numbers))


def _occurrence(line: str, line_number: int) -> Occurrence:
    (
        agencia, conta, code, nosso_numero, carteira, reference, document, due_on, occurred_on, credited_on,
        title, interest, discount, rebate, tariff, principal, detail, errors, channel,
    ) = _TITLE(line)  # fmt: skip
    kind, what, settles, table, detail_table = _MEANINGS[code]
    if detail_table is not None:
        reasons = reasons_of(detail, 4, detail_table)
    else:
        reasons = reasons_of(errors, 2, table) if errors != "        " else ()
    net = paid = ZERO
    if settles:
        net = to_money(principal)
        paid = net + to_money(tariff)
    return Occurrence(
        line_number, "341", agencia + conta, kind, code, what, reasons, nosso_numero, carteira,
        reference.rstrip(), document.rstrip(), to_day(due_on), to_day(occurred_on), to_day(credited_on), to_money(title),
        paid, to_money(interest), ZERO, to_money(discount), to_money(rebate), to_money(tariff), net, channel.rstrip(), "",
        (line,),
    )  # fmt: skip


def with_pix(found: Occurrence, line: str) -> Occurrence:
    """The record 3 that follows an entry: the Pix that the bank made, proven, or why there is none."""
    emv, error = _PIX(line)
    emv, code = emv.rstrip(), error.strip()
    why: tuple[Reason, ...] = ()
    if code.strip("0"):
        why = (Reason(f"Pix {code}", PIX_ERRORS.get(code, "Pix não emitido")),)
    elif emv:
        why = _faulty(emv, found.title_amount)
    return found._replace(pix_emv="" if why else emv, reasons=found.reasons + why, raw=(*found.raw, line))


def _faulty(emv: str, amount: Money) -> tuple[Reason, ...]:
    """A code that would not pay, or would pay another amount, is not printed on a boleto."""
    try:
        told = read_code(emv).amount
    except InvalidInput as error:
        return (Reason("Pix", f"O código Pix que o banco devolveu não vale: {error.title}"),)
    if told is not None and told != amount:
        return (
            Reason(
                "Pix",
                f"O código Pix que o banco devolveu é de {told.format_br()}, e o título de {amount.format_br()}",
            ),
        )
    return ()


def header(line: str) -> Heading:
    agencia, conta, sequence, created_on = _HEADER(line)
    return Heading("341", agencia + conta, to_number(sequence), to_day(created_on))


def totals(line: str) -> tuple[int, Money]:
    count, amount = _TOTALS(line)
    return to_number(count), to_money(amount)


LAYOUT = Layout400(
    bank="341",
    header_record=RETURN_HEADER,
    header=header,
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={"3": (RETURN_PIX, with_pix)},
    trailer_record=RETURN_TRAILER,
    totals=totals,
    counts={},
)
