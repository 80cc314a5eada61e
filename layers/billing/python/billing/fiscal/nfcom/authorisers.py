"""Who authorises the NFCom of each UF, and at which addresses: SVRS for most; MG, MS and MT have their own authorisers.

MOC NFCom 1.00a, items 3.4 and 9.2. The addresses are data with dates (`data/nfcom_authorisers.json`).
"""

from datetime import date
from enum import StrEnum
from functools import cache

from billing.core.entity import Entity
from billing.core.errors import Refused
from billing.fiscal.dated import version_on
from billing.fiscal.environment import Environment

_NAMESPACE = "http://www.portalfiscal.inf.br/nfcom/wsdl/"


class Service(StrEnum):
    """Serviço do autorizador; há um endereço para cada."""

    RECEPTION = "NFComRecepcao"
    CONSULTATION = "NFComConsulta"
    EVENT = "NFComRecepcaoEvento"
    STATUS = "NFComStatusServico"

    @property
    def namespace(self) -> str:
        return _NAMESPACE + self

    @property
    def action(self) -> str:
        """SOAP action: namespace and method; two public clients send the namespace alone."""
        return f"{self.namespace}/{_METHODS[self]}"

    @property
    def is_compressed(self) -> bool:
        """Only the reception service takes gzip in base64; the others take plain XML."""
        return self is Service.RECEPTION


_METHODS = {
    Service.RECEPTION: "nfcomRecepcao",
    Service.CONSULTATION: "nfcomConsultaNF",
    Service.EVENT: "nfcomRecepcaoEvento",
    Service.STATUS: "nfcomStatusServicoNF",
}


class Authoriser(Entity):
    """Autorizador de NFCom: o de uma UF ou a SVRS."""

    name: str
    ufs: tuple[str, ...]
    production: str
    test: str
    qr_production: str
    qr_test: str
    consultation: str | None
    """Página de consulta, impressa no DANFE-COM; ausente, não se conhece."""

    def address(self, service: Service, environment: Environment) -> str:
        template = self.production if environment is Environment.PRODUCTION else self.test
        return template.format(service=service.value)

    def qr_base(self, environment: Environment) -> str:
        return self.qr_production if environment is Environment.PRODUCTION else self.qr_test


def authoriser_of(uf: str, day: date) -> Authoriser:
    """Raises Refused for a day before the NFCom existed, or a UF without an authoriser."""
    for authoriser in _authorisers(version_on("nfcom_authorisers", day)["valid_from"]):
        if uf in authoriser.ufs:
            return authoriser
    raise Refused("nfcom.no_authoriser", f"Não há autorizador de NFCom para a UF {uf}: atualize a tabela.")


@cache
def _authorisers(valid_from: str) -> tuple[Authoriser, ...]:
    version = version_on("nfcom_authorisers", date.fromisoformat(valid_from))
    return tuple(Authoriser.model_validate(row) for row in version["authorisers"])
