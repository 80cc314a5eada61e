"""Before a remittance is written, and after the bank refused part of it: what would go, what would not, and what to mend (BEY-13)."""

from collections.abc import Iterable
from datetime import date

from billing.access.call import Call
from billing.bank_files.instructions import of_title
from billing.bank_files.titles import (
    LoadedTitles,
    check_of,
    is_mended,
    key_of,
    load,
    reasons_against,
    titles_due,
    waiting_instructions,
    waiting_titles,
    warned_by,
)
from billing.banking.mending import ADVICE
from billing.banking.model import PaymentProfile
from billing.banking.preflight import source_of, value_of
from billing.banking.store import get_profile_for
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.money import Money
from billing.core.page import part_of
from billing.core.period import is_range
from billing.invoicing.states import GONE, RemittanceState

MOST_SHOWN = 200
"""Titles in one answer; the counts are of all."""


class ForeseenReason(Entity):
    """Por que o banco rejeitaria: o campo, o que está nele, a regra e de onde ela é."""

    code: str
    message: str
    field: str | None = None
    value: str = ""
    source: str
    advice: str | None = None
    """O que fazer."""


class ForeseenTitle(Entity):
    """Um boleto, ou uma instrução sobre ele, que iria na remessa ou que seria recusado."""

    customer_id: str
    invoice_id: str
    instruction_id: str | None = None
    number: int
    due_on: date
    amount: Money
    reasons: tuple[ForeseenReason, ...] = ()
    warnings: tuple[ForeseenReason, ...] = ()
    """De um que iria: o que o arquivo corta ou deixa de levar."""


class RemittancePreview(Entity):
    """A remessa como seria agora, sem efeito."""

    titles: int
    instructions: int
    total: Money
    """Dos boletos a registrar."""
    refused: int
    going: tuple[ForeseenTitle, ...]
    """Os primeiros 200."""
    refusals: tuple[ForeseenTitle, ...]
    """Os primeiros 200."""


class FieldToMend(Entity):
    field: str
    advice: str
    value: str
    """O que está nele agora."""


class RejectionToMend(Entity):
    """Um motivo do banco, com os campos que ele manda corrigir; nenhum, quando o manual não diz."""

    code: str
    text: str
    mends: tuple[FieldToMend, ...] = ()


class RejectedTitle(ForeseenTitle):
    """Um boleto que o banco rejeitou. Corrigido, vai com o mesmo nosso número na próxima remessa que o alcance; para
    enviá-lo como está, tire a marca de remessa da fatura."""

    rejection: tuple[RejectionToMend, ...]
    """`reasons` é o que a pré-conferência ainda acha."""
    is_mended: bool
    """Se a entrada de agora diz outra coisa que a rejeitada; só assim ele vai de novo."""


class RejectedTitles(Entity):
    items: tuple[RejectedTitle, ...]
    next_cursor: str | None = None
    """Envie em `cursor` para ler a página seguinte; ausente na última."""


def preview(call: Call, profile_id: str, due_from: date, due_to: date) -> RemittancePreview:
    """What a remittance of this range would contain now. Raises NotFound, Forbidden, Refused."""
    profile = _profile(call, profile_id, due_from, due_to)
    keys = [key_of(invoice) for invoice in waiting_titles(call, profile, due_from, due_to)]
    keys += [instruction.key for instruction in waiting_instructions(call, profile)]
    seen = list(_foreseen(call, profile, load(call, keys), keys))
    going = [one for one in seen if not one.reasons]
    refused = [one for one in seen if one.reasons]
    titles = [one for one in going if one.instruction_id is None]
    return RemittancePreview(
        titles=len(titles),
        instructions=len(going) - len(titles),
        total=Money.sum(one.amount for one in titles),
        refused=len(refused),
        going=tuple(going[:MOST_SHOWN]),
        refusals=tuple(refused[:MOST_SHOWN]),
    )


def rejected(
    call: Call, profile_id: str, due_from: date, due_to: date, cursor: str | None = None
) -> RejectedTitles:
    """The profile's titles that the bank rejected and that were not sent again. Raises NotFound, Forbidden, Refused,
    InvalidInput."""
    profile = _profile(call, profile_id, due_from, due_to)
    rejections = [
        invoice
        for invoice in titles_due(call, profile, due_from, due_to)
        if invoice.remittance is RemittanceState.REJECTED and invoice.status not in GONE
    ]
    in_order = [key_of(invoice) for invoice in sorted(rejections, key=lambda one: (one.due_on, one.number))]
    this = f"{call.tenant_id}#rejected#{profile.id}#{due_from}#{due_to}"
    keys, following = part_of(this, in_order, cursor, key=str)
    loaded = load(call, list(keys))
    foreseen = _foreseen(call, profile, loaded, keys)
    return RejectedTitles(
        items=tuple(
            RejectedTitle(
                **dict(one),
                rejection=_to_mend(profile, loaded, key),
                is_mended=is_mended(loaded, loaded.invoices[key], profile),
            )
            for key, one in zip(keys, foreseen, strict=True)
        ),
        next_cursor=following,
    )


def _profile(call: Call, profile_id: str, due_from: date, due_to: date) -> PaymentProfile:
    profile = get_profile_for(call, profile_id)
    if not is_range(due_from, due_to):
        message = "O vencimento final vem depois do inicial, no máximo 366 dias."
        raise Refused.because([Refusal("remittance.range", message, field="due_to")])
    return profile


def _foreseen(
    call: Call, profile: PaymentProfile, loaded: LoadedTitles, keys: Iterable[str]
) -> Iterable[ForeseenTitle]:
    check, warned = check_of(profile), warned_by(profile)
    for key in keys:
        invoice, instruction = loaded.invoice(key), loaded.instructions.get(key)
        assert invoice is not None
        reasons = [] if instruction is None else list(of_title(call, invoice, instruction.movement))
        reasons = reasons or reasons_against(loaded, key, check)
        warnings = [] if reasons else warned(loaded.instruction(key))
        yield ForeseenTitle(
            customer_id=invoice.customer_id,
            invoice_id=invoice.id,
            instruction_id=None if instruction is None else instruction.id,
            number=invoice.number,
            due_on=invoice.due_on,
            amount=invoice.amount,
            reasons=_foreseen_reasons(profile, loaded, key, reasons),
            warnings=_foreseen_reasons(profile, loaded, key, warnings),
        )


def _foreseen_reasons(
    profile: PaymentProfile, loaded: LoadedTitles, key: str, reasons: Iterable[Refusal]
) -> tuple[ForeseenReason, ...]:
    return tuple(
        ForeseenReason(
            code=reason.code,
            message=reason.message,
            field=reason.field,
            value=_value(profile, loaded, key, reason.field),
            source=source_of(profile.terms, reason),
            advice=ADVICE.get(reason.field or ""),
        )
        for reason in reasons
    )


def _to_mend(profile: PaymentProfile, loaded: LoadedTitles, key: str) -> tuple[RejectionToMend, ...]:
    invoice = loaded.invoice(key)
    assert invoice is not None
    return tuple(
        RejectionToMend(
            code=reason.code,
            text=reason.text,
            mends=tuple(
                FieldToMend(**dict(mend), value=_value(profile, loaded, key, mend.field))
                for mend in reason.mends
            ),
        )
        for reason in invoice.rejection or ()
    )


def _value(profile: PaymentProfile, loaded: LoadedTitles, key: str, field: str | None) -> str:
    try:
        return value_of(profile.terms, loaded.instruction(key).title, field)
    except Refused:
        return ""  # a field missing from the register has no value
