"""Linha digitável: the 47 digits that a person types instead of scanning the barcode.

Three fields of campo livre, each with its modulo 10 digit, then the barcode's check digit, then factor and amount
(Banco Central, Carta-Circular 2.926/2000; Itaú manual of July 2021, annex B, p. 66-67, and annex 3, p. 75).

>>> from_barcode("34196166700000123451101234567880057123457000")
'34191101213456788005871234570001616670000012345'
>>> formatted("34191101213456788005871234570001616670000012345")
'34191.10121 34567.880058 71234.570001 6 16670000012345'
"""

from billing.banking.check_digits import mod10
from billing.core.errors import InvalidInput


def from_barcode(barcode: str) -> str:
    first = barcode[:4] + barcode[19:24]
    second = barcode[24:34]
    third = barcode[34:44]
    return f"{first}{mod10(first)}{second}{mod10(second)}{third}{mod10(third)}{barcode[4]}{barcode[5:19]}"


def to_barcode(linha: str) -> str:
    """The barcode of a typed linha digitável, which may have dots and spaces. Raises InvalidInput, naming the wrong
    field."""
    digits = "".join(character for character in linha if character not in ". -")
    if len(digits) != 47 or not (digits.isascii() and digits.isdigit()):
        raise InvalidInput("boleto.linha_digitavel", "A linha digitável de um boleto tem 47 dígitos.")
    for order, start, end in (("primeiro", 0, 9), ("segundo", 10, 20), ("terceiro", 21, 31)):
        if str(mod10(digits[start:end])) != digits[end]:
            raise InvalidInput(
                "boleto.check_digit", f"O dígito do {order} campo da linha digitável não confere."
            )
    return digits[:4] + digits[32] + digits[33:47] + digits[4:9] + digits[10:20] + digits[21:31]


def formatted(linha: str) -> str:
    """The linha as printed: AAAAA.AAAAA BBBBB.BBBBBB CCCCC.CCCCCC D EEEEEEEEEEEEEE."""
    return f"{linha[:5]}.{linha[5:10]} {linha[10:15]}.{linha[15:21]} {linha[21:26]}.{linha[26:32]} {linha[32]} {linha[33:]}"
