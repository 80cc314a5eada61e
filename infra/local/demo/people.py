"""The people of the demonstration: about sixty invented Brazilian customers, the same for the same seed.

Documents have valid check digits (one CNPJ in three is alphanumeric), cities have their own CEPs and area codes,
e-mails are at the domains that RFC 2606 reserves, and telephones are in blocks that hardly anybody has.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from billing.core.br import cnpj, cpf
from billing.core.br.text import search_key
from billing.customers.model import Address, Channel, CustomerData, PersonKind, Uf


class Business(StrEnum):
    """The tenant's three lines of business."""

    ISP = "isp"
    PRINT = "print"
    CLOUD = "cloud"


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A customer to register; `data` is the body of the request."""

    business: Business
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _City:
    name: str
    uf: Uf
    area_code: int
    ceps: tuple[int, int]
    """First and last CEP of the city's streets, from the Correios' table of ranges."""
    districts: Sequence[str]


_SANTA_CATARINA = (
    _City("Florianópolis", "SC", 48, (88010_000, 88099_999), ("Trindade", "Estreito", "Agronômica")),
    _City("São José", "SC", 48, (88101_000, 88123_999), ("Kobrasol", "Campinas", "Barreiros")),
    _City("Joinville", "SC", 47, (89201_000, 89239_999), ("América", "Boa Vista", "Glória")),
    _City("Blumenau", "SC", 47, (89010_000, 89099_999), ("Garcia", "Velha", "Itoupava Norte")),
)
_SAO_PAULO = (
    _City("São Paulo", "SP", 11, (1001_000, 5999_999), ("Bela Vista", "Pinheiros", "Santana")),
    _City("Campinas", "SP", 19, (13010_000, 13139_999), ("Cambuí", "Taquaral", "Barão Geraldo")),
    _City("Santos", "SP", 13, (11010_000, 11099_999), ("Gonzaga", "Boqueirão", "Macuco")),
)
_BRAZIL = (
    *_SAO_PAULO,
    _City("Rio de Janeiro", "RJ", 21, (20010_000, 23799_999), ("Botafogo", "Tijuca", "Méier")),
    _City("Belo Horizonte", "MG", 31, (30110_000, 31999_999), ("Savassi", "Funcionários", "Pampulha")),
    _City("Vitória", "ES", 27, (29010_000, 29099_999), ("Praia do Canto", "Jucutuquara")),
    _City("Curitiba", "PR", 41, (80010_000, 82999_999), ("Água Verde", "Batel", "Portão")),
    _City("Santa Maria", "RS", 55, (97010_000, 97119_999), ("Camobi", "Nossa Senhora de Lourdes")),
    _City("Salvador", "BA", 71, (40010_000, 41999_999), ("Pituba", "Graça", "Itapuã")),
    _City("Recife", "PE", 81, (50010_000, 52999_999), ("Boa Viagem", "Casa Forte", "Espinheiro")),
    _City("Fortaleza", "CE", 85, (60010_000, 60999_999), ("Aldeota", "Meireles", "Benfica")),
    _City("Belém", "PA", 91, (66010_000, 66999_999), ("Nazaré", "Umarizal", "Marco")),
    _City("Goiânia", "GO", 62, (74010_000, 74899_999), ("Setor Bueno", "Setor Oeste")),
)

_STREETS = (
    "Rua Quinze de Novembro", "Rua Sete de Setembro", "Rua das Acácias", "Rua São João", "Avenida Brasil",
    "Rua Conceição", "Avenida Getúlio Vargas", "Rua Tiradentes", "Travessa da Glória", "Rua Anita Garibaldi",
    "Alameda dos Ipês", "Rua José de Alencar", "Avenida Santos Dumont", "Rua Maranhão", "Praça da República",
)  # fmt: skip
_GIVEN_NAMES = (
    "Ana Lúcia", "Antônio", "Bárbara", "Beatriz", "Caetano", "César", "Cláudia", "Débora", "Décio", "Eloá",
    "Emília", "Fábio", "Fátima", "Flávia", "Gláucia", "Hélio", "Inácio", "Iolanda", "Jéssica", "João Vítor",
    "Joaquim", "Júlia", "Laís", "Letícia", "Lívia", "Luís Otávio", "Márcia", "Mário", "Mônica", "Natália",
    "Otávio", "Patrícia", "Raíssa", "Renê", "Rômulo", "Sérgio", "Sílvia", "Tânia", "Valéria", "Vinícius",
)  # fmt: skip
_FAMILY_NAMES = (
    "Abraão", "Albuquerque", "Aragão", "Araújo", "Assunção", "Bragança", "Brandão", "Calçada", "Conceição",
    "Corrêa", "D'Ávila", "Damião", "Estêvão", "Falcão", "Fagundes", "Galvão", "Gonçalves", "Guimarães",
    "Lourenço", "Magalhães", "Mourão", "Nóbrega", "Patrício", "Queirós", "Ramalho", "Sá", "Simões", "Souza",
    "Távora", "Vasconcelos", "Venâncio", "Ximenes",
)  # fmt: skip
_TRADES = {
    Business.ISP: ("Padaria", "Mercearia", "Farmácia", "Pousada", "Oficina", "Ótica", "Livraria", "Açougue"),
    Business.PRINT: (
        "Colégio",
        "Advocacia",
        "Clínica",
        "Cartório",
        "Contabilidade",
        "Gráfica",
        "Imobiliária",
    ),
    Business.CLOUD: ("Logística", "Sistemas", "Laboratório", "Seguros", "Comércio Eletrônico", "Engenharia"),
}
_CITIES = {Business.ISP: _SANTA_CATARINA, Business.PRINT: _SAO_PAULO, Business.CLOUD: _BRAZIL}
_INDIVIDUALS = {Business.ISP: 32, Business.PRINT: 0, Business.CLOUD: 0}
_COMPANIES = {Business.ISP: 8, Business.PRINT: 10, Business.CLOUD: 10}
_MAIL_DOMAINS = ("example.com", "example.net", "example.org")
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def invent_customers(seed: int) -> list[DemoCustomer]:
    """Forty customers of the internet provider, ten of the print outsourcer, ten of the cloud broker, in this order."""
    dice = random.Random(seed)  # noqa: S311 - invention, not secrets
    names = _distinct_names(dice)
    companies = itertools.count(1)

    def of(business: Business) -> Iterator[CustomerData]:
        for _ in range(_INDIVIDUALS[business]):
            yield _individual(dice, next(names), business)
        for _ in range(_COMPANIES[business]):
            yield _company(dice, next(names), business, alphanumeric=next(companies) % 3 == 0)

    return [DemoCustomer(business, data.to_map()) for business in Business for data in of(business)]


def _distinct_names(dice: random.Random) -> Iterator[tuple[str, str]]:
    pairs = [(given, family) for given in _GIVEN_NAMES for family in _FAMILY_NAMES]
    dice.shuffle(pairs)
    return iter(pairs)


def _individual(dice: random.Random, name: tuple[str, str], business: Business) -> CustomerData:
    given, family = name
    middle = dice.choice([other for other in _FAMILY_NAMES if other != family])
    city = dice.choice(_CITIES[business])
    base = f"{dice.randrange(10**9):09d}"
    return CustomerData(
        kind=PersonKind.INDIVIDUAL,
        name=f"{given} {middle} {family}",
        document=base + cpf.check_digits(base),
        emails=(_email(dice, f"{given} {family}"),),
        phones=(_mobile(dice, city),),
        addresses=(_address(dice, city, "apto"),),
        channels=(Channel.EMAIL, Channel.SMS) if dice.random() < 0.5 else (Channel.EMAIL,),
    )


def _company(
    dice: random.Random, name: tuple[str, str], business: Business, *, alphanumeric: bool
) -> CustomerData:
    given, family = name
    trade_name = f"{dice.choice(_TRADES[business])} {family}"
    city = dice.choice(_CITIES[business])
    root = "".join(dice.choices(_ALPHANUMERIC if alphanumeric else "0123456789", k=8))
    base = f"{root}0001"
    return CustomerData(
        kind=PersonKind.COMPANY,
        name=f"{trade_name} & {given.split()[0]} Ltda.",
        trade_name=trade_name,
        document=base + cnpj.check_digits(base),
        emails=(_email(dice, f"financeiro {family} {given}"),),
        phones=(f"+55{city.area_code}2000{dice.randrange(10_000):04d}", _mobile(dice, city)),
        addresses=(_address(dice, city, "sala"),),
        fiscal_notes=(f"Ordem de compra {dice.randrange(1000, 9999)}",) if dice.random() < 0.3 else (),
    )


def _address(dice: random.Random, city: _City, unit: str) -> Address:
    return Address(
        street=dice.choice(_STREETS),
        number=str(dice.randrange(1, 3000)),
        complement=f"{unit} {dice.randrange(1, 40)}" if dice.random() < 0.25 else None,
        district=dice.choice(city.districts),
        city=city.name,
        uf=city.uf,
        cep=f"{dice.randint(*city.ceps):08d}",
    )


def _email(dice: random.Random, words: str) -> str:
    mailbox = search_key(words).replace("'", "").replace(" ", ".")
    return f"{mailbox}@{dice.choice(_MAIL_DOMAINS)}"


def _mobile(dice: random.Random, city: _City) -> str:
    return f"+55{city.area_code}90000{dice.randrange(10_000):04d}"
