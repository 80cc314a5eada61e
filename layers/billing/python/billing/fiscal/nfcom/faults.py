"""What an NFCom lacks to be valid, found before a number is taken, in the clerk's words and naming the field.

Rules of MOC NFCom 1.00a, Anexo I, by their number. The schema is checked last, with a placeholder number and signature.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from billing.core.br import cnpj
from billing.core.clock import start_of_day
from billing.core.errors import InvalidInput, Refusal, Refused
from billing.core.money import ZERO
from billing.fiscal.canonical import plain
from billing.fiscal.faults import faults_in_place, faults_in_schema, faults_in_text
from billing.fiscal.federal import require_rates, shows_ibs_cbs
from billing.fiscal.nfcom.access_key import AccessKey
from billing.fiscal.nfcom.note import MAX_LINES, Nfcom, NfcomLine, NfcomNumber
from billing.fiscal.nfcom.taxation import IcmsSituation
from billing.fiscal.nfcom.xml import signed_nfcom
from billing.fiscal.parties import IcmsStanding, TaxRegime
from billing.fiscal.schemas import Schema
from billing.fiscal.signature import PlaceholderSigner
from billing.fiscal.states import IBGE_CODES

NO_EXEMPT = frozenset({"AM", "BA", "CE", "GO", "MG", "MS", "MT", "PE", "RN", "SE", "SP"})
"""States that do not accept ISENTO (rule 432)."""

CFOPS = frozenset({"5933", "7301", *(f"{area}{kind}" for area in "56" for kind in range(301, 308))})
"""MOC 7.6 (rule 433); 1205 belongs to notes of entry, which are not built."""

_CODE = re.compile(r"[!-\u00ff]{1,30}")
_DIGITS = re.compile(r"[0-9]{2,14}")


def faults_of(note: Nfcom, day: date) -> Sequence[Refusal]:
    """Everything that must be corrected before the note can be issued on that day; empty if nothing must."""
    stated = [
        *_rates(day),
        *_issuer(note),
        *_recipient(note),
        *_subscriber(note),
        *_lines(note, day),
        *_billing(note),
        *_substitution(note),
        *_observations(note),
    ]
    return stated or list(faults_in_schema(_tried(note, day), Schema.NFCOM))


def _tried(note: Nfcom, day: date) -> bytes:
    """The note with a placeholder number and signature."""
    number = NfcomNumber(series=0, number=1, random_code="0000000", issued_at=start_of_day(day))
    return signed_nfcom(note, number, PlaceholderSigner())


def _fault(code: str, field: str, message: str) -> Refusal:
    return Refusal(f"nfcom.{code}", message, field=field)


def _rates(day: date) -> Iterator[Refusal]:
    try:
        require_rates(day)
    except Refused as refused:
        yield Refusal(refused.code, refused.title)


def _issuer(note: Nfcom) -> Iterator[Refusal]:
    issuer = note.issuer
    if not _DIGITS.fullmatch(issuer.state_registration or ""):
        yield _fault(
            "issuer_registration",
            "issuer.state_registration",
            "Falta a inscrição estadual (IE) da empresa, só algarismos.",
        )
    yield from faults_in_text("issuer.legal_name", "A razão social da empresa", issuer.legal_name, 2, 60)
    if issuer.trade_name:
        yield from faults_in_text("issuer.trade_name", "O nome fantasia da empresa", issuer.trade_name, 1, 60)
    yield from faults_in_place("issuer", "da empresa", issuer.place)


def _recipient(note: Nfcom) -> Iterator[Refusal]:
    recipient = note.recipient
    yield from faults_in_text("recipient.name", "O nome do cliente", recipient.name, 2, 60)
    if recipient.document is None:
        yield _fault("recipient_document", "recipient.document", "Falta o CPF ou CNPJ do cliente.")
    elif not recipient.has_valid_document:
        yield _fault("recipient_document", "recipient.document", "O CPF ou CNPJ do cliente não é válido.")
    yield from faults_in_place("recipient", "do cliente", recipient.place)
    registration = recipient.state_registration
    if recipient.standing is IcmsStanding.TAXPAYER and not _DIGITS.fullmatch(registration or ""):
        yield _fault(
            "recipient_registration",
            "recipient.state_registration",
            "O cliente é contribuinte do ICMS: informe a inscrição estadual (IE) dele, só algarismos.",
        )
    if recipient.standing is not IcmsStanding.TAXPAYER and registration:
        yield _fault(
            "recipient_registration",
            "recipient.state_registration",
            "O cliente não é contribuinte do ICMS: apague a inscrição estadual (IE) ou corrija a situação dele.",
        )
    if recipient.standing is IcmsStanding.EXEMPT and recipient.place.address.uf in NO_EXEMPT:
        yield _fault(
            "recipient_exempt",
            "recipient.standing",
            f"{recipient.place.address.uf} não aceita contribuinte isento de inscrição: corrija a situação do cliente.",
        )


def _subscriber(note: Nfcom) -> Iterator[Refusal]:
    subscriber = note.subscriber
    if not _CODE.fullmatch(subscriber.code):
        yield _fault(
            "subscriber_code", "subscriber.code", "O código do assinante tem até 30 caracteres, sem espaços."
        )
    if not subscriber.contract_number or not _CODE.fullmatch(subscriber.contract_number[:30]):
        yield _fault(
            "contract_number",
            "subscriber.contract_number",
            "Falta o número do contrato, sem espaços (regra 537).",
        )
    elif len(subscriber.contract_number) > 20:
        yield _fault(
            "contract_number", "subscriber.contract_number", "O número do contrato passa de 20 caracteres."
        )
    starts_on, ends_on = subscriber.contract_starts_on, subscriber.contract_ends_on
    if starts_on is None:
        yield _fault(
            "contract_start", "subscriber.contract_starts_on", "Falta o início do contrato (regra 537)."
        )
    elif ends_on is not None and ends_on < starts_on:
        yield _fault("contract_end", "subscriber.contract_ends_on", "O fim do contrato é anterior ao início.")
    terminal = subscriber.main_terminal
    if terminal is not None and terminal.uf not in IBGE_CODES:
        yield _fault("terminal", "subscriber.main_terminal", "A UF do telefone principal não existe.")


def _lines(note: Nfcom, day: date) -> Iterator[Refusal]:
    if not 1 <= len(note.lines) <= MAX_LINES:
        yield _fault("lines", "lines", f"A nota tem de 1 a {MAX_LINES} linhas, e esta tem {len(note.lines)}.")
        return
    for position, line in enumerate(note.lines):
        yield from _line(f"lines.{position}", line)
        yield from _line_of_regime(f"lines.{position}", line, note, day)
    if _rates_known(day) and note.totals.negative:
        yield _fault(
            "negative", "lines", "As devoluções passam das cobranças: nenhum total da nota pode ser negativo."
        )


def _line(field: str, line: NfcomLine) -> Iterator[Refusal]:
    named = f"do item {plain(line.description)[:40]}"
    yield from faults_in_text(f"{field}.code", f"O código {named}", line.code, 1, 60)
    yield from faults_in_text(f"{field}.description", "A descrição do item", line.description, 1, 120)
    if line.note:
        yield from faults_in_text(f"{field}.note", f"A observação {named}", line.note, 1, 500)
    if not re.fullmatch(r"[0-9]{7}", line.class_code or ""):
        yield _fault(
            "class",
            f"{field}.class_code",
            f"Falta a classificação (cClass, 7 algarismos) {named}, na composição fiscal.",
        )
    if line.has_cst and line.cfop not in CFOPS:
        yield _fault(
            "cfop", f"{field}.cfop", f"Falta o CFOP {named}, ou não é um dos da NFCom (regras 433 e 540)."
        )
    if not line.has_cst and line.cfop is not None:
        yield _fault("cfop", f"{field}.cfop", f"Apague o CFOP {named}: fora do ICMS não há CFOP (regra 541).")
    if line.taxes.amount < ZERO:
        yield _fault("line_negative", f"{field}.value", f"O desconto {named} passa do valor.")


def _line_of_regime(field: str, line: NfcomLine, note: Nfcom, day: date) -> Iterator[Refusal]:
    """Compositions that contradict the issuer's regime."""
    simples = note.issuer.regime is TaxRegime.SIMPLES
    named = f"do item {plain(line.description)[:40]}"
    situation = line.taxes.icms.situation
    if simples != (situation is IcmsSituation.SIMPLES) and situation is not IcmsSituation.OUTSIDE:
        yield _fault(
            "regime",
            f"{field}.taxes.icms",
            f"A situação do ICMS {named} não é a do regime da empresa ({'Simples' if simples else 'normal'}).",
        )
    if simples and line.taxes.fust is not None:
        yield _fault(
            "funds",
            f"{field}.taxes.fust",
            f"Empresa do Simples não destaca FUST nem FUNTTEL: corrija a composição {named}.",
        )
    shown = shows_ibs_cbs(note.issuer.regime.value, day)
    if shown and line.taxes.ibs_cbs is None:
        yield _fault(
            "ibs_cbs",
            f"{field}.taxes.ibs_cbs",
            f"Falta a classificação do IBS e da CBS (CST e cClassTrib) {named}.",
        )
    if not shown and line.taxes.ibs_cbs is not None:
        yield _fault(
            "ibs_cbs",
            f"{field}.taxes.ibs_cbs",
            f"O regime da empresa não informa IBS e CBS: corrija a composição {named}.",
        )


def _billing(note: Nfcom) -> Iterator[Refusal]:
    billing = note.billing
    if billing is None:
        yield _fault("billing", "billing", "Falta a fatura da nota: gere o boleto antes (regra 270).")
        return
    if not re.fullmatch(r"[0-9]{1,48}", billing.typed_line or ""):
        yield _fault(
            "typed_line",
            "billing.typed_line",
            "Falta a linha digitável do boleto: registre a fatura no banco antes da nota.",
        )
    if (billing.used_from is None) != (billing.used_to is None):
        yield _fault("used", "billing.used_from", "O período de uso tem início e fim, ou nenhum dos dois.")
    if billing.pix_url is not None:
        yield from faults_in_text("billing.pix_url", "O endereço do Pix", billing.pix_url, 2, 2000)


def _substitution(note: Nfcom) -> Iterator[Refusal]:
    if note.substitution is None:
        return
    try:
        key = AccessKey.parse(note.substitution.key)
    except InvalidInput as invalid:
        yield _fault("substituted", "substitution.key", f"Nota substituída: {invalid.title}")
        return
    if key.cnpj != note.issuer.cnpj:
        yield _fault(
            "substituted",
            "substitution.key",
            f"A nota substituída é do CNPJ {cnpj.format(key.cnpj)} (regra 221).",
        )
    if note.contingency is not None:
        yield _fault(
            "contingency",
            "contingency",
            "Em contingência não se substitui nota (regra 419): espere o autorizador.",
        )


def _observations(note: Nfcom) -> Iterator[Refusal]:
    for position, observation in enumerate(note.observations):
        yield from faults_in_text(f"observations.{position}", "A observação", observation, 0, 3000)


def _rates_known(day: date) -> bool:
    return not list(_rates(day))
