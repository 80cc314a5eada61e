"""Payment profiles: how a company is paid, and what its bank was contracted to do (BNK-01)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from billing.banking.boleto.bank import TitleNumber, of
from billing.banking.profile_checks import validate_terms
from billing.banking.terms import BankTerms
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused, Severity, standing
from billing.core.money import Percent
from billing.core.table import Aggregate
from billing.core.text import Id, Line

_NO_PERCENT = Decimal(0)
_ANY_DAY = date(2026, 1, 2)


class ProfileData(Entity):
    name: Line = Field(min_length=1, max_length=60, examples=["Itaú cobrança 109"])
    terms: BankTerms
    pix_city: Line = Field(default="SAO PAULO", min_length=1, max_length=15)
    """Cidade do recebedor, como vai no QR Code Pix que cada fatura leva quando `terms.pix_key` está presente."""
    first_nosso_numero: int = Field(default=1, ge=1, le=10**17)
    last_nosso_numero: int = Field(ge=1, le=10**17, examples=[99999999])
    """Faixa de nosso número contratada com o banco."""
    first_remittance: int = Field(default=1, ge=1, le=999_999)
    """A primeira remessa não tem número menor: o seguinte ao último que o banco já recebeu de outro sistema."""
    discount_percent: Annotated[Percent, Field(ge=0, le=90)] = _NO_PERCENT
    """Desconto por pontualidade das faturas cujas contas não trazem desconto próprio, em percentual do valor."""
    discount_days: int = Field(default=0, ge=0, le=60)
    """O desconto vale até estes dias antes do vencimento; 0, até o vencimento."""
    wait_for_registration: bool = True
    """A fatura só é enviada depois que o banco confirma a entrada do boleto."""
    sends_write_off: bool = False
    """O banco aceita o comando de baixa por remessa."""
    imports_pix: bool = False
    """Os Pix recebidos na chave são importados: só então as faturas levam um Pix estático, para que nenhum pagamento fique
    sem ser visto."""
    cash_account_id: Id | None = None
    """Conta de dinheiro em que os recebimentos do banco são creditados."""


PIX_NOT_HEARD = Refusal(
    "profile.pix_not_imported",
    "O profile tem chave Pix e não diz que os recebimentos dela são importados: as faturas saem sem Pix. Importe-os e "
    "marque isso aqui, ou pague-se só por boleto.",
    Severity.WARNS,
    field="imports_pix",
)


class NewProfile(ProfileData):
    company_id: Id


class PaymentProfile(ProfileData, Aggregate):
    """Profile de pagamento."""

    id: str
    company_id: str
    is_active: bool = True

    @property
    def warnings(self) -> list[Refusal]:
        """Settings that work but may not be intended."""
        hears = self.imports_pix or self.terms.registers_pix
        return [] if self.terms.pix_key is None or hears else [PIX_NOT_HEARD]

    def checked(self) -> "PaymentProfile":
        """The profile, if its bank can work with it. Raises Refused with every reason."""
        reasons = [*standing(validate_terms(self.terms), confirmed=True)]
        if self.first_nosso_numero > self.last_nosso_numero:
            message = "A faixa de nosso número termina antes de começar."
            reasons.append(_of_range(message))
        if not reasons:
            reasons += self._last_number()
        if reasons:
            raise Refused.because(reasons)
        return self

    def _last_number(self) -> list[Refusal]:
        """Why the range's last number is too large for the bank's nosso número."""
        title = TitleNumber(self.last_nosso_numero, _ANY_DAY, "1", _ANY_DAY)
        try:
            of(self.terms.bank).number(self.terms, title)
        except Refused as refused:
            return [_of_range(r.message) for r in refused.reasons if r.code == "boleto.nosso_numero_range"]
        return []


def _of_range(message: str) -> Refusal:
    return Refusal("profile.nosso_numero_range", message, field="last_nosso_numero")
