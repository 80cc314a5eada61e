"""Receives those rows of a statement that are Pix: each once, in one transaction with the row that guards it.

A Pix is identified by its end-to-end id or, without one, by its account, day, amount, text and place among equal rows
of its file, since the bank's id of a row may be missing, repeated, or different in each export. So two equal rows of
one day remain two. The result of a row is kept with it: a chunk that is retried reports the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from billing.access.call import Call
from billing.audit.batches import ItemAnswer, done
from billing.audit.changes import Changes
from billing.banking.model import PaymentProfile
from billing.banking.statements.model import Row
from billing.core.errors import BillingError, Conflict, Refusal, Refused, Severity, Transient
from billing.core.ids import derived_id
from billing.core.table import UnreadableRow
from billing.invoicing.letting_go import LetTitleGo
from billing.payments import pix_days
from billing.payments.actions import ReceiptAction
from billing.payments.pix_receipts import (
    Find,
    ImportedPix,
    ReceivedPix,
    enter,
    find_imported,
    finder,
    receive_named,
)
from billing.payments.statement_rows import PixRow, pix_in
from billing.payments.statements import (
    MOST_TEXT,
    RowOutcome,
    StatementLine,
    StatementPix,
    find_line,
    find_pix,
    line_row,
    pix_row,
)

_ATTEMPTS = 5


class NumberedRow(NamedTuple):
    row: Row
    pix: PixRow | str
    """The Pix, or why the row is not one."""
    nth: int
    """Its place among the rows with its day, amount and text, from 0."""


def numbered(rows: Iterable[Row]) -> Iterator[NumberedRow]:
    seen: Counter[tuple[date, int, str]] = Counter()
    for row in rows:
        alike = (row.posted_on, row.amount.cents, row.memo)
        yield NumberedRow(row, pix_in(row), seen[alike])
        seen[alike] += 1


class _Receiving(NamedTuple):
    """What the rows of a chunk have in common."""

    call: Call
    profile: PaymentProfile
    statement_id: str
    find_invoice: Find
    let_title_go: LetTitleGo


def receiver(
    call: Call, profile: PaymentProfile, statement_id: str, let_title_go: LetTitleGo
) -> Callable[[NumberedRow], StatementLine]:
    """A function that receives one row and returns the result. It raises Conflict, Transient."""
    receiving = _Receiving(call, profile, statement_id, finder(call, profile), let_title_go)

    def receive(numbered_row: NumberedRow) -> StatementLine:
        row, pix, nth = numbered_row
        if isinstance(pix, str):
            return _line(row, RowOutcome.PASSED_OVER, f"Sem efeito: {pix}.")
        if row.posted_on > call.today:
            return _line(row, RowOutcome.REFUSED, "A data da linha é futura. Confira o extrato.")
        there = find_line(call.tenant_id, statement_id, row.number)
        return there or _received(receiving, pix, nth)

    return receive


def _line(row: Row, outcome: RowOutcome, message: str) -> StatementLine:
    text = row.memo[:MOST_TEXT]
    return StatementLine(
        line=row.number,
        outcome=outcome,
        message=message,
        posted_on=row.posted_on,
        amount=row.amount,
        text=text,
    )


def _received(receiving: _Receiving, pix: PixRow, nth: int) -> StatementLine:
    """Retries while others change the same rows; reads again each time."""
    for last in [False] * (_ATTEMPTS - 1) + [True]:
        changes = Changes(receiving.call)
        try:
            line = _row_received(receiving, changes, pix, nth)
            if changes:
                changes.commit()
        except Conflict:
            if last:
                raise
        except Transient:
            raise
        except UnreadableRow as error:
            return _line(pix.row, RowOutcome.REFUSED, error.refused.title)
        except BillingError as refused:
            message = " ".join(reason.message for reason in refused.reasons) or refused.title
            return _line(pix.row, RowOutcome.REFUSED, message)
        else:
            return line
    raise AssertionError("unreachable")


def _row_received(receiving: _Receiving, changes: Changes, pix: PixRow, nth: int) -> StatementLine:
    """The row's result, kept with it if there is any effect."""
    line = _told(pix.row, _once(receiving, changes, pix, nth))
    if changes:
        changes.include(line_row(receiving.call.tenant_id, receiving.statement_id, line))
    return line


def _told(row: Row, answer: ItemAnswer) -> StatementLine:
    codes = {reason.code for reason in answer.reasons}
    messages = " ".join(reason.message for reason in answer.reasons)
    if codes & {"pix.repeated", "pix.known"}:
        return _line(row, RowOutcome.REPEATED, messages)
    if "pix.held" in codes:
        return _line(row, RowOutcome.HELD, messages)
    return _line(row, RowOutcome.SETTLED, messages or "Pix recebido: fatura liquidada.")


def _once(receiving: _Receiving, changes: Changes, pix: PixRow, nth: int) -> ItemAnswer:
    call, profile, _, find_invoice, let_title_go = receiving
    if pix.end_to_end_id is not None:
        return _by_id(receiving, changes, pix, pix.end_to_end_id)
    row, fitid = pix.row, pix.row.fitid[:MOST_TEXT]
    pix_id = derived_id("pxr", profile.id, row.posted_on, row.amount.cents, row.memo, nth)
    there = find_pix(call.tenant_id, pix_id)
    if there is not None:
        return _repeated(pix_id, other_id=there.fitid != fitid)
    kept = StatementPix(
        id=pix_id, profile_id=profile.id, posted_on=row.posted_on, amount=row.amount, fitid=fitid
    )
    changes.put(pix_row(call.tenant_id, kept), ReceiptAction.PIX_IMPORTED)
    if not pix_days.count_anonymous(changes, call.tenant_id, profile.id, row.posted_on, row.amount, pix_id):
        message = "Este Pix já tinha entrado pelo seu identificador fim a fim; sem efeito."
        return done(pix_id, [Refusal("pix.known", message, Severity.WARNS)])
    pix_facts = ReceivedPix(row.amount, row.posted_on, pix.txid, pix.payer_document, pix.numbers)
    return enter(call, changes, profile, pix_id, pix_facts, find_invoice, let_title_go)


def _by_id(receiving: _Receiving, changes: Changes, pix: PixRow, end_to_end_id: str) -> ItemAnswer:
    """A statement may report less about a Pix than its list, or a later day: with the same amount it is the same Pix."""
    call, profile, _, find_invoice, let_title_go = receiving
    there = find_imported(call.tenant_id, end_to_end_id)
    if there is None:
        imported = ImportedPix(
            end_to_end_id=end_to_end_id,
            txid=pix.txid,
            amount=pix.row.amount,
            received_on=pix.row.posted_on,
            payer_document=pix.payer_document,
            profile_id=profile.id,
        )
        return receive_named(call, changes, profile, imported, find_invoice, let_title_go, pix.numbers)
    if there.amount != pix.row.amount:
        message = f"O Pix {end_to_end_id} já foi importado com {there.amount.format_br()}. Confira o extrato."
        raise Refused.because([Refusal("pix.other_content", message)])
    return _repeated(end_to_end_id, other_id=False)


def _repeated(pix_id: str, *, other_id: bool) -> ItemAnswer:
    message = "Este Pix já tinha sido importado; sem efeito."
    if other_id:
        message = (
            "Provável repetição: uma linha deste dia, valor e histórico já entrou com outro identificador do banco. Sem efeito; se "
            "for outro Pix, lance-o manualmente."
        )
    return done(pix_id, [Refusal("pix.repeated", message, Severity.WARNS)])
