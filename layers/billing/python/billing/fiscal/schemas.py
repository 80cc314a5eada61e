"""Official schemas (XSD) of the fiscal documents, in folders with the date of their package, compiled once.

A new package is a new folder and a line of `IN_USE`; schemas/README.md says where each comes from. libxml2 validates; nothing
is read from the network, and no entity is resolved.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_FOLDER = Path(__file__).parent / "schemas"
LARGEST = 1024 * 1024
"""MOC NFCom 1.00a, rule 214: 1024 kB decompressed; nothing larger is parsed."""


class Schema(StrEnum):
    """Esquema de um documento ou de uma resposta, pelo arquivo no pacote em uso."""

    NFCOM = "nfcom_v1.00.xsd"
    NFCOM_PROCESSED = "procNFCom_v1.00.xsd"
    NFCOM_ANSWER = "retNFCom_v1.00.xsd"
    NFCOM_CONSULTATION = "consSitNFCom_v1.00.xsd"
    NFCOM_CONSULTATION_ANSWER = "retConsSitNFCom_v1.00.xsd"
    NFCOM_STATUS = "consStatServNFCom_v1.00.xsd"
    NFCOM_STATUS_ANSWER = "retConsStatServNFCom_v1.00.xsd"
    NFCOM_EVENT = "eventoNFCom_v1.00.xsd"
    NFCOM_CANCELLATION = "evCancNFCom_v1.00.xsd"
    NFCOM_EVENT_ANSWER = "retEventoNFCom_v1.00.xsd"
    DPS = "DPS_v1.01.xsd"
    NFSE = "NFSe_v1.01.xsd"
    NFSE_EVENT_REQUEST = "pedRegEvento_v1.01.xsd"

    @property
    def family(self) -> str:
        return "nfse" if self in {Schema.DPS, Schema.NFSE, Schema.NFSE_EVENT_REQUEST} else "nfcom"


IN_USE = {"nfcom": "nfcom/NT2026.002", "nfse": "nfse/2026-07-27"}


class SchemaFault(NamedTuple):
    """Where a document is not as its schema says: line, the element's name, and libxml2's words."""

    element: str
    message: str


def faults(content: bytes, schema: Schema, package: str | None = None) -> Sequence[SchemaFault]:
    """What is wrong with a document; empty for a valid one. Unreadable content is a fault, never an exception.

    `package` is a folder other than the one in use.
    """
    if len(content) > LARGEST:
        return [SchemaFault("", f"{len(content)} bytes: no document has more than {LARGEST}")]
    from lxml import etree

    try:
        tree = parsed(content)
    except etree.XMLSyntaxError as unreadable:
        return [SchemaFault("", str(unreadable))]
    validator = _compiled(schema, package or IN_USE[schema.family])
    if validator.validate(tree):
        return ()
    return [SchemaFault(_element_in(error.message), error.message) for error in validator.error_log]


def parsed(content: bytes) -> Any:
    """The tree of a document. Raises lxml's XMLSyntaxError."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, parser)


@cache
def _compiled(schema: Schema, package: str) -> Any:
    from lxml import etree

    return etree.XMLSchema(file=str(_FOLDER / package / schema.value))


def _element_in(message: str) -> str:
    """`Element '{namespace}name': ...` -> name."""
    _, _, name = message.partition("}")
    return name.partition("'")[0]
