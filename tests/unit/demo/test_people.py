"""The people of the demonstration are invented, valid, and the same every time."""

import json
from collections import Counter

import pytest

from billing.core.br import cep, cnpj, cpf, phones
from billing.customers.model import CustomerData
from infra.local.demo.people import Business, invent_customers

PEOPLE = invent_customers(2026)
DATA = [person.data for person in PEOPLE]
SEEDS = [1, 7, 2026]
CEP_REGIONS = {
    "SP": ("01", "19"),
    "RJ": ("20", "28"),
    "ES": ("29", "29"),
    "MG": ("30", "39"),
    "BA": ("40", "48"),
    "PE": ("50", "56"),
    "CE": ("60", "63"),
    "PA": ("66", "68"),
    "GO": ("72", "76"),
    "PR": ("80", "87"),
    "SC": ("88", "89"),
    "RS": ("90", "99"),
}


def test_the_same_seed_invents_the_same_people():
    assert invent_customers(2026) == PEOPLE
    assert invent_customers(2027) != PEOPLE


def test_there_are_three_lines_of_business():
    assert Counter(person.business for person in PEOPLE) == {
        Business.ISP: 40,
        Business.PRINT: 10,
        Business.CLOUD: 10,
    }
    assert Counter((person.business, person.data["kind"]) for person in PEOPLE) == {
        (Business.ISP, "individual"): 32,
        (Business.ISP, "company"): 8,
        (Business.PRINT, "company"): 10,
        (Business.CLOUD, "company"): 10,
    }


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize("seed", SEEDS)
def test_all_can_be_registered_as_they_are(seed):
    for person in invent_customers(seed):
        body = json.loads(json.dumps(person.data))
        assert CustomerData.model_validate(body).to_map() == body


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_generated_twice(seed):
    people = [person.data for person in invent_customers(seed)]
    for field in ("document", "name"):
        assert len({data[field] for data in people}) == len(people)
    assert len({data["emails"][0] for data in people}) == len(people)


def test_documents_are_valid_and_a_third_of_the_cnpjs_have_letters():
    individuals = [data["document"] for data in DATA if data["kind"] == "individual"]
    companies = [data["document"] for data in DATA if data["kind"] == "company"]
    assert all(cpf.is_valid(document) for document in individuals)
    assert all(cnpj.is_valid(document) for document in companies)
    assert sum(not document.isdigit() for document in companies) == len(companies) // 3 == 9


def test_no_message_can_reach_anybody():
    domains = {email.partition("@")[2] for data in DATA for email in data["emails"]}
    assert domains == {"example.com", "example.net", "example.org"}


def test_telephones_ring_in_the_city_of_the_address():
    area_codes = {}
    for data in DATA:
        assert all(phones.is_valid(phone) for phone in data["phones"])
        (area_code,) = {phone[3:5] for phone in data["phones"]}
        (address,) = data["addresses"]
        assert cep.is_valid(address["cep"])
        assert area_codes.setdefault((address["city"], address["uf"]), area_code) == area_code
    assert len(area_codes) >= 10


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cep_is_of_the_state(seed):
    """The first two digits give the state, by the Correios' regions."""
    for person in invent_customers(seed):
        (address,) = person.data["addresses"]
        first, last = CEP_REGIONS[address["uf"]]
        assert first <= address["cep"][:2] <= last


def test_names_have_accents_and_some_people_take_text_messages():
    assert sum(not data["name"].isascii() for data in DATA) > 40
    assert any("sms" in data["channels"] for data in DATA)
    assert any(data["fiscal_notes"] for data in DATA)
