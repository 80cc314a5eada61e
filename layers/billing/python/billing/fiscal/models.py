"""Which model does what in which way."""

from typing import Any

from billing.fiscal.document import FiscalModel
from billing.fiscal.model import DocumentModel
from billing.fiscal.nfcom.model import NfcomModel
from billing.fiscal.nfse.model import NfseModel

_MODELS: dict[FiscalModel, DocumentModel[Any]] = {
    FiscalModel.NFCOM: NfcomModel(),
    FiscalModel.NFSE: NfseModel(),
}


def model_of(model: FiscalModel) -> DocumentModel[Any]:
    """Of an electronic document; 21 and 22 are not issued by an authority."""
    return _MODELS[model]
