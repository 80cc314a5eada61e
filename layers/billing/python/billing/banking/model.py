"""Payment profiles: how a company is paid, and what its bank was contracted to do (BNK-01)."""

from pydantic import Field

from billing.banking.terms import BankTerms, validate_terms
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused, standing
from billing.core.table import Aggregate


class ProfileData(Entity):
    name: str = Field(min_length=1, max_length=60, examples=["Itaú cobrança 109"])
    terms: BankTerms
    pix_city: str = Field(default="SAO PAULO", max_length=15)
    """Cidade do recebedor, como vai no QR Code Pix que cada fatura leva quando `terms.pix_key` está presente."""
    first_nosso_numero: int = Field(default=1, ge=1)
    last_nosso_numero: int = Field(ge=1, examples=[99999999])
    """Faixa de nosso número contratada com o banco."""
    wait_for_registration: bool = True
    """A fatura só é enviada depois que o banco confirma a entrada do boleto."""
    sends_write_off: bool = False
    """O banco aceita o comando de baixa por remessa."""
    money_account_id: str | None = None
    """Conta de dinheiro em que os recebimentos do banco são creditados."""


class NewProfile(ProfileData):
    company_id: str


class PaymentProfile(ProfileData, Aggregate):
    """Profile de pagamento."""

    id: str
    company_id: str
    is_active: bool = True

    def checked(self) -> "PaymentProfile":
        """Itself, if its bank can work with it. Raises Refused with every reason."""
        reasons = [*standing(validate_terms(self.terms), confirmed=True)]
        if self.first_nosso_numero > self.last_nosso_numero:
            reasons.append(
                Refusal(
                    "profile.nosso_numero_range",
                    "A faixa de nosso número termina antes de começar.",
                    field="last_nosso_numero",
                )
            )
        if reasons:
            raise Refused.because(reasons)
        return self
