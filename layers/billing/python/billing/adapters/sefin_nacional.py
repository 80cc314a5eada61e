"""The Sefin Nacional over HTTPS and mutual TLS: JSON with the XML compressed inside (manual of the API 1.2).

With FISCAL_AUTHORITY_URL, as the local cloud has it, the same bytes go to the stand-in there, unencrypted.
"""

from billing.adapters.mutual_tls import exchange
from billing.fiscal.certificate import SigningCertificate
from billing.fiscal.dated import content as table
from billing.fiscal.environment import Environment
from billing.fiscal.ports import SefinRequest, SefinResponse
from billing.fiscal.schemas import LARGEST

LARGEST_ANSWER = 4 * LARGEST
"""The longest JSON that `nfse/answers.py` reads."""
HEADERS = {"Accept": "application/json", "Content-Type": "application/json"}


class SefinOverHttps:
    """`base` is the stand-in's address; None, the Sefin's own."""

    def __init__(self, base: str | None = None) -> None:
        self._base = base

    def ask(
        self, request: SefinRequest, environment: Environment, signer: SigningCertificate
    ) -> SefinResponse:
        """Raises Unreached before anything was sent, NoAnswer after."""
        method = "GET" if request.body is None else "POST"
        address = f"{self._address(environment)}{request.path}"
        answer = exchange(method, address, request.body, HEADERS, signer, largest=LARGEST_ANSWER)
        return SefinResponse(answer.status, answer.content)

    def _address(self, environment: Environment) -> str:
        if self._base is not None:
            return f"{self._base}/{environment}/SefinNacional"
        address: str = table("sefin_addresses")["addresses"][environment.value]
        return address
