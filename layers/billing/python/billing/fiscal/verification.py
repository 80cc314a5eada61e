"""Whether a signed document says what its signer signed: digest by libxml2's canonicalisation, signature by the certificate in it.

What a second implementation makes of the same documents (xmlsec1) is compared in the tests. The chain of the certificate
is the authority's to judge.
"""

import base64
import hashlib
from copy import deepcopy
from typing import Any

from billing.fiscal.schemas import parsed
from billing.fiscal.signature import SignatureAlgorithm

_DSIG = "{http://www.w3.org/2000/09/xmldsig#}"


def is_signed_well(content: bytes) -> bool:
    """Of the first signature; False for anything that is not a well-formed document with one that holds."""
    from cryptography.exceptions import InvalidSignature
    from lxml import etree

    try:
        return _holds(parsed(content))
    except (etree.XMLSyntaxError, InvalidSignature, ValueError, AttributeError, TypeError, LookupError):
        return False


def _holds(root: Any) -> bool:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    signature = root.find(f".//{_DSIG}Signature")
    info = signature.find(f"{_DSIG}SignedInfo")
    reference = info.find(f"{_DSIG}Reference")
    [signed] = root.xpath("//*[@Id=$id]", id=reference.get("URI").removeprefix("#"))
    methods = {algorithm.method: algorithm for algorithm in SignatureAlgorithm}
    algorithm = methods[info.find(f"{_DSIG}SignatureMethod").get("Algorithm")]
    digest = hashlib.new(algorithm.hash_name, _canonical(signed, without=signature)).digest()
    if base64.b64decode(reference.find(f"{_DSIG}DigestValue").text) != digest:
        return False
    certificate = x509.load_der_x509_certificate(
        base64.b64decode(signature.find(f".//{_DSIG}X509Certificate").text)
    )
    of_hash = hashes.SHA1() if algorithm is SignatureAlgorithm.RSA_SHA1 else hashes.SHA256()  # noqa: S303
    key: Any = certificate.public_key()
    key.verify(
        base64.b64decode(signature.find(f"{_DSIG}SignatureValue").text),
        _canonical(info, without=None),
        PKCS1v15(),
        of_hash,
    )
    return True


def _canonical(element: Any, *, without: Any) -> bytes:
    """C14N of a copy of the element, its namespace with it, and no enveloped signature.

    A copy, for libxml2 canonicalises an element together with what its document declares in vain; prefixes that an
    ancestor declares and nothing uses are not in it, and our documents have none.
    """
    from lxml import etree

    if without is not None and element in without.iterancestors():
        without.getparent().remove(without)
    canonical: bytes = etree.tostring(deepcopy(element), method="c14n", exclusive=False, with_tail=False)
    return canonical
