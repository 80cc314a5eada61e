"""The states' codes at IBGE (cUF): the first two digits of a municipality's code and of an access key.

Source: IBGE, Código dos Municípios; the same table as the type TCodUfIBGE of the NFCom schemas.
"""

from typing import Final
from zoneinfo import ZoneInfo

from billing.core.clock import SAO_PAULO

IBGE_CODES: Final = {
    "RO": 11, "AC": 12, "AM": 13, "RR": 14, "PA": 15, "AP": 16, "TO": 17,
    "MA": 21, "PI": 22, "CE": 23, "RN": 24, "PB": 25, "PE": 26, "AL": 27, "SE": 28, "BA": 29,
    "MG": 31, "ES": 32, "RJ": 33, "SP": 35,
    "PR": 41, "SC": 42, "RS": 43,
    "MS": 50, "MT": 51, "GO": 52, "DF": 53,
}  # fmt: skip

UFS: Final = {code: uf for uf, code in IBGE_CODES.items()}

ZONES: Final = dict.fromkeys(IBGE_CODES, SAO_PAULO) | {
    "AC": ZoneInfo("America/Rio_Branco"),
    "AM": ZoneInfo("America/Manaus"),
    "MS": ZoneInfo("America/Campo_Grande"),
    "MT": ZoneInfo("America/Cuiaba"),
    "RO": ZoneInfo("America/Porto_Velho"),
    "RR": ZoneInfo("America/Boa_Vista"),
}
"""The clock of each state's capital (Lei 12.876/2013): documents carry the issuer's local time."""
