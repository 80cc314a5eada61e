"""What the functions that issue fiscal documents are given from their environment. Apart from `wiring`, which every function loads."""

import os
from functools import cache

from billing.core.pace import Pace
from billing.entry import wiring
from billing.fiscal.ports import FiscalOffice, KeyVault, NfcomAuthorities


@cache
def vault() -> KeyVault:
    from billing.adapters.kms import KmsVault

    return KmsVault(os.environ["CERTIFICATES_KEY"])


def authorities() -> NfcomAuthorities:
    """The authorities' own addresses; with FISCAL_AUTHORITY_URL, as the local cloud has it, their stand-in."""
    from billing.adapters.nfcom_soap import SoapAuthorities

    return SoapAuthorities(wiring.clock(), os.environ.get("FISCAL_AUTHORITY_URL"))


def office() -> FiscalOffice:
    """FISCAL_PER_SECOND is this function's part of what the authorities are asked in a second."""
    return FiscalOffice(
        authorities=authorities(),
        vault=vault(),
        files=wiring.files(),
        clock=wiring.clock(),
        pace=Pace(int(os.environ.get("FISCAL_PER_SECOND", "5"))),
    )
