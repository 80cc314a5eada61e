"""What functions that issue fiscal documents get from their environment; apart from `wiring`, which every function loads."""

import os
from functools import cache

from billing.core.pace import Pace
from billing.entry import wiring
from billing.fiscal.ports import FiscalOffice, KeyVault, NfcomAuthorities, SefinNacional


@cache
def vault() -> KeyVault:
    from billing.adapters.kms import KmsVault

    return KmsVault(os.environ["CERTIFICATES_KEY"])


def authorities() -> NfcomAuthorities:
    """The authorities at their own addresses, or their stand-in if FISCAL_AUTHORITY_URL is set, as in the local cloud."""
    from billing.adapters.nfcom_soap import SoapAuthorities

    return SoapAuthorities(wiring.clock(), os.environ.get("FISCAL_AUTHORITY_URL"))


def sefin() -> SefinNacional:
    """The Sefin at its own address, or its stand-in, as in `authorities`."""
    from billing.adapters.sefin_nacional import SefinOverHttps

    return SefinOverHttps(os.environ.get("FISCAL_AUTHORITY_URL"))


def office() -> FiscalOffice:
    """FISCAL_PER_SECOND is this function's share of the requests per second that we send to the authorities."""
    return FiscalOffice(
        authorities=authorities(),
        sefin=sefin(),
        vault=vault(),
        files=wiring.files(),
        clock=wiring.clock(),
        pace=Pace(int(os.environ.get("FISCAL_PER_SECOND", "5"))),
    )
