"""Check digits of agency and account, bank by bank: they reveal a typing mistake in a profile before the bank does.

Source: "Regras de validação de dígito verificador de agência e conta corrente" (Icatu Seguros); pages and examples
are from it. It covers nine banks. Santander's rule (p. 3) is left out: a collection profile has the collection
account, and the published return of agency 3163, account 13002862-5, has another digit than the rule gives (3). It
does not cover other banks.
"""

from billing.banking.check_digits import double_digit, mod10, mod11, weighted

_BANRISUL_ACCOUNT = (3, 2, 4, 7, 6, 5, 4, 3, 2)
_REAL = (8, 1, 4, 7, 2, 2, 5, 9, 3, 9, 5)
_HSBC = (8, 9, 2, 3, 4, 5, 6, 7, 8, 9)


def banco_do_brasil_agency(agency: str) -> str:
    """P. 2.

    >>> banco_do_brasil_agency("1584")
    '9'
    """
    return mod11(agency.zfill(4), ten="X")


def banco_do_brasil_account(account: str) -> str:
    """P. 2.

    >>> banco_do_brasil_account("00210169")
    '6'
    """
    return mod11(account.zfill(8), ten="X")


def banrisul_agency(agency: str) -> str:
    """Número de controle, two digits (p. 4-5).

    >>> banrisul_agency("2664")
    '18'
    """
    return double_digit(agency.zfill(4))


def banrisul_account(account: str) -> str:
    """Over kind and number, 9 digits (p. 5): 35.850767.0-6.

    >>> banrisul_account("358507670")
    '6'
    """
    remainder = weighted(account.zfill(9), _BANRISUL_ACCOUNT) % 11
    return {0: "0", 1: "6"}.get(remainder, str(11 - remainder))


def caixa_account(agency: str, account: str) -> str:
    """Over agency, kind of account (3) and number (8) (p. 6).

    >>> caixa_account("2004", "00100000448")
    '6'
    """
    return mod11(agency.zfill(4) + account.zfill(11))


def bradesco_agency(agency: str) -> str:
    """P. 7.

    >>> bradesco_agency("1425")
    '7'
    """
    return mod11(agency.zfill(4), ten="P")


def bradesco_account(account: str) -> str:
    """P. 7-8.

    >>> [bradesco_account(account) for account in ("0238069", "0301357", "0325620", "0284025")]
    ['2', 'P', '0', '1']
    """
    return mod11(account.zfill(7), 2, 7, ten="P")


def itau_account(agency: str, account: str) -> str:
    """P. 9.

    >>> itau_account("2545", "02366")
    '1'
    """
    return str(mod10(agency.zfill(4) + account.zfill(5)))


def real_account(agency: str, account: str) -> str:
    """P. 10.

    >>> real_account("1835", "5711460")
    '9'
    """
    remainder = weighted(agency.zfill(4) + account.zfill(7), _REAL) % 11
    return {0: "1", 1: "0"}.get(remainder, str(11 - remainder))


def hsbc_account(agency: str, account: str) -> str:
    """P. 11.

    >>> hsbc_account("0007", "853838")
    '6'
    """
    return str(weighted(agency.zfill(4) + account.zfill(6), _HSBC) % 11 % 10)


def citibank_account(account: str) -> str:
    """P. 12.

    >>> citibank_account("0007500465")
    '8'
    """
    return mod11(account.zfill(10), 2, 11)
