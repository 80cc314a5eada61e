"""Address in the QR code of the DANFE-COM and in `qrCodNFCom` (MOC NFCom 1.00a, item 9; rules 464, 465, 469 to 471).

    base address of the state ? chNFCom=KEY & tpAmb=N [ & sign=base64 of RSA-SHA1 over the key, in contingency ]

Printed with error level M, UTF-8; the signature is written raw (no percent-encoding of "+", "/" and "=").
"""

import base64
from collections.abc import Callable
from datetime import date

from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.access_key import AccessKey
from billing.fiscal.nfcom.authorisers import authoriser_of

Sign = Callable[[bytes], bytes]
"""RSA-SHA1 (PKCS#1 v1.5) with the key of the certificate that signs the note."""


def qr_url(key: AccessKey, environment: Environment, day: date, sign: Sign) -> str:
    """The address; `day` is the day of emission. Signed only in contingency (rules 469 and 470)."""
    base = authoriser_of(key.uf, day).qr_base(environment)
    url = f"{base}?chNFCom={key.text}&tpAmb={environment.tp_amb}"
    if key.emission == 1:
        return url
    return f"{url}&sign={base64.b64encode(sign(key.text.encode())).decode()}"
