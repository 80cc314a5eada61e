"""The request to cancel a NFS-e, signed: event 101101 of layout 1.01, schema pedRegEvento."""

from pydantic import AwareDatetime, Field

from billing.core.entity import Entity
from billing.core.text import Line
from billing.fiscal.canonical import group, plain, text
from billing.fiscal.environment import Environment
from billing.fiscal.nfse.identifiers import CANCEL, event_request_id
from billing.fiscal.nfse.xml import APPLICATION, DECLARATION, NAMESPACE, VERSION
from billing.fiscal.signature import SignatureAlgorithm, Signer, signature
from billing.fiscal.states import ZONES

_OTHER_REASON = "9"
"""cMotivo: 1 error in the emission, 2 service not rendered, 9 another; with the clerk's words in xMotivo."""


class NfseCancellation(Entity):
    """Pedido de cancelamento de uma NFS-e autorizada."""

    environment: Environment
    key: str
    cnpj: str
    reason: Line = Field(min_length=15, max_length=255)
    asked_at: AwareDatetime


def signed_event(cancellation: NfseCancellation, uf: str, signer: Signer) -> bytes:
    """`uf` is the issuer's; the instant is in its local time."""
    identifier = event_request_id(cancellation.key, CANCEL)
    detail = group(
        f"e{CANCEL}",
        (
            text("xDesc", "Cancelamento de NFS-e"),
            text("cMotivo", _OTHER_REASON),
            text("xMotivo", plain(cancellation.reason)),
        ),
    )
    at = cancellation.asked_at.astimezone(ZONES[uf]).replace(microsecond=0)
    content = "".join(
        (
            text("tpAmb", cancellation.environment.tp_amb),
            text("verAplic", APPLICATION),
            text("dhEvento", at.isoformat()),
            text("CNPJAutor", cancellation.cnpj),
            text("chNFSe", cancellation.key),
            detail,
        )
    )
    canonical = f'<infPedReg xmlns="{NAMESPACE}" Id="{identifier}">{content}</infPedReg>'
    signed = signature(canonical, identifier, signer, SignatureAlgorithm.RSA_SHA256)
    whole = (
        f'{DECLARATION}<pedRegEvento xmlns="{NAMESPACE}" versao="{VERSION}">'
        f'<infPedReg Id="{identifier}">{content}</infPedReg>{signed}</pedRegEvento>'
    )
    return whole.encode()
