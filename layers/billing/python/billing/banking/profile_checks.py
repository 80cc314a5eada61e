"""Whether a bank would accept the content of a payment profile: its account, its files, its Pix key."""

from collections.abc import Iterator

from billing.banking.boleto import bank as boleto_bank
from billing.banking.layouts.registry import module_of
from billing.banking.pix_keys import key_kind
from billing.banking.terms import LENGTHS, MOST_INSTRUCTIONS, BankTerms, Layout
from billing.core.br import cnpj, cpf
from billing.core.errors import Refusal, Severity


def validate_terms(terms: BankTerms) -> list[Refusal]:
    """Every reason why the bank would not accept these terms; an empty list means that it would."""
    if terms.bank not in boleto_bank.MODULES:
        return [_refusal("profile.bank_unknown", f"O banco {terms.bank} ainda não é atendido.", "bank")]
    refusals = list(boleto_bank.of(terms.bank).refusals(terms))
    if terms.protest_days and terms.bureau_days:
        message = "Escolha protesto ou negativação: o banco não aceita os dois para o mesmo título."
        refusals.append(_refusal("profile.protest_and_bureau", message, "bureau_days"))
    return [*refusals, *_exchange(terms), *_beneficiary(terms)]


def _exchange(terms: BankTerms) -> Iterator[Refusal]:
    if terms.layout is Layout.API:
        message = f"Ainda não há integração com a API do banco {terms.bank}. Escolha um arquivo CNAB ou nenhum layout."
        yield _refusal("profile.layout_api", message, "layout")
    elif terms.layout is not Layout.NONE and module_of(terms.bank, LENGTHS[terms.layout]) is None:
        message = (
            f"Ainda não há arquivos {terms.layout} do banco {terms.bank}. Escolha outro layout ou nenhum."
        )
        yield _refusal("profile.layout_unknown", message, "layout")


def _beneficiary(terms: BankTerms) -> Iterator[Refusal]:
    if not (cpf if len(terms.beneficiary_document) == 11 else cnpj).is_valid(terms.beneficiary_document):
        message = "O CPF ou CNPJ do beneficiário não confere: verifique os dígitos."
        yield _refusal("profile.beneficiary_document", message, "beneficiary_document")
    if terms.pix_key is not None and key_kind(terms.pix_key) is None:
        message = (
            f"A chave Pix “{terms.pix_key}” não é CPF, CNPJ, celular (+5511...), e-mail nem chave aleatória."
        )
        yield _refusal("profile.pix_key", message, "pix_key")
    if len(terms.instructions) > MOST_INSTRUCTIONS:
        message = (
            f"O boleto tem lugar para {MOST_INSTRUCTIONS} linhas de instrução; há {len(terms.instructions)}."
        )
        yield _refusal("profile.instructions", message, "instructions")


def _refusal(code: str, message: str, field: str) -> Refusal:
    return Refusal(code=code, message=message, severity=Severity.BLOCKS, field=field)
