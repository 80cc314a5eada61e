"""The NFCom's authorities over SOAP 1.2 and mutual TLS: MOC NFCom 1.00a, items 3.4 and 4; NT 2023.001, item 4.

The addresses are data with dates. With FISCAL_AUTHORITY_URL, as the local cloud has it, the same bytes go to the stand-in
there, in the clear.
"""

from billing.adapters.mutual_tls import exchange
from billing.core.clock import Clock, business_date
from billing.fiscal.certificate import SigningCertificate
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.authorisers import Service, authoriser_of
from billing.fiscal.nfcom.requests import envelope
from billing.fiscal.ports import NoAnswer
from billing.fiscal.schemas import LARGEST


class SoapAuthorities:
    """`base` is the stand-in's address; None means the authorities' own."""

    def __init__(self, clock: Clock, base: str | None = None) -> None:
        self._clock = clock
        self._base = base

    def ask(
        self, service: Service, uf: str, environment: Environment, message: bytes, signer: SigningCertificate
    ) -> bytes:
        """Raises Unreached before anything was sent, NoAnswer after."""
        address = self._address(service, uf, environment)
        answer = exchange(
            "POST", address, envelope(service, message), headers_of(service), signer, largest=LARGEST
        )
        if not answer.content:
            raise NoAnswer(f"HTTP {answer.status}")
        return answer.content

    def _address(self, service: Service, uf: str, environment: Environment) -> str:
        if self._base is not None:
            return f"{self._base}/{environment}/{service}"
        return authoriser_of(uf, business_date(self._clock.now())).address(service, environment)


def headers_of(service: Service) -> dict[str, str]:
    return {"Content-Type": f'application/soap+xml; charset=utf-8; action="{service.action}"'}
