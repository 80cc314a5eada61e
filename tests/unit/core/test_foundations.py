"""The clock, ids, entities and errors."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.core import errors
from billing.core.clock import FixedClock, SystemClock, business_date
from billing.core.entity import Entity
from billing.core.errors import BillingError, InvalidInput, Refusal, Refused, Severity, Transient, standing
from billing.core.ids import content_hash, derived_id, is_id, new_id, shard_of
from billing.core.money import Money
from billing.core.period import Month

# The clock


def test_the_system_clock_is_aware_and_utc():
    assert SystemClock().now().tzinfo is UTC


def test_fixed_clock_stands_still_and_is_in_utc():
    clock = FixedClock(datetime(2026, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=-3))))
    assert clock.now() == clock.now() == datetime(2026, 3, 1, 3, 30, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 3, 1, 2, 59, 59, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 3, 1, 3, 0, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2018, 12, 1, 2, 0, tzinfo=UTC), date(2018, 12, 1)),  # summer time, still in force then
    ],
)
def test_the_business_date_is_the_one_in_sao_paulo(instant, day):
    assert business_date(instant) == day


def test_a_tenant_may_live_in_another_zone():
    instant = datetime(2026, 3, 1, 3, 30, tzinfo=UTC)
    assert business_date(instant) == date(2026, 3, 1)
    assert business_date(instant, ZoneInfo("America/Manaus")) == date(2026, 2, 28)


@pytest.mark.parametrize("use", [FixedClock, business_date])
def test_an_instant_without_zone_is_refused(use):
    with pytest.raises(ValueError, match="aware"):
        use(datetime(2026, 3, 1))  # noqa: DTZ001 - the mistake itself


# Ids

PARTS = st.lists(st.text(max_size=6), max_size=4)


def test_random_ids_are_ids_and_differ():
    ids = {new_id("cus") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(is_id(text) and text.startswith("cus_") for text in ids)


@given(PARTS)
def test_a_derived_id_is_the_same_for_the_same_parts(parts):
    assert derived_id("chg", *parts) == derived_id("chg", *parts)
    assert is_id(derived_id("chg", *parts))


@given(PARTS, PARTS)
def test_derived_ids_differ_when_the_parts_do(one, other):
    assert (derived_id("chg", *one) == derived_id("chg", *other)) == (one == other)


def test_moving_a_letter_between_parts_makes_another_id():
    assert derived_id("chg", "ab", "c") != derived_id("chg", "a", "bc") != derived_id("chg", "abc")


def test_derived_ids_and_shards_never_change():
    """They are keys of stored data: a change of algorithm would bill everybody again."""
    assert derived_id("chg", "con_1", Month("2026-03"), 0) == "chg_kf39j4ye841h3spwn8x3"
    assert shard_of("cus_7m3k9x2p4q8r1s5t6v0w", 10) == 7
    assert content_hash(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(st.text(), st.integers(1, 50))
def test_shard_is_within_the_number_of_shards(key, count):
    assert 0 <= shard_of(key, count) < count


@pytest.mark.parametrize(
    "text", ["", "cus", "cus_", "CUS_abcd", "cus_ab d1", "cus_abc", "c_abcdef", "cus_abcd\n", "cus#abcd"]
)
def test_text_that_cannot_be_an_id_is_recognised(text):
    assert not is_id(text)


# Entities


class Address(Entity):
    city: str
    complement: str | None = None


class Customer(Entity):
    name: str
    since: date
    address: Address
    balance: Money = Money("0.00")

    @cached_property
    def shouted(self) -> str:
        return self.name.upper()


MARIA = Customer(name=" Maria ", since=date(2026, 3, 1), address=Address(city="Recife"))


def test_an_entity_is_frozen():
    with pytest.raises(ValidationError):
        MARIA.name = "Ana"


def test_evolving_makes_another_and_leaves_the_first():
    ana = MARIA.evolve(name="Ana")
    assert (ana.name, MARIA.name) == ("Ana", "Maria")
    assert ana.evolve(name="Maria") == MARIA


def test_evolving_validates_again():
    with pytest.raises(ValidationError):
        MARIA.evolve(since="ontem")
    with pytest.raises(ValidationError):
        MARIA.evolve(balance=1.5)


def test_evolving_refuses_an_unknown_field():
    with pytest.raises(ValidationError):
        MARIA.evolve(nome="Ana")


def test_evolving_forgets_what_was_computed_from_the_old_fields():
    maria = MARIA.evolve()
    assert maria.shouted == "MARIA"
    assert maria.evolve(name="Ana").shouted == "ANA"


def test_the_map_of_an_entity_has_json_types_only_and_reads_back():
    assert MARIA.to_map() == {
        "name": "Maria",
        "since": "2026-03-01",
        "address": {"city": "Recife"},
        "balance": "0.00",
    }
    assert Customer.model_validate(MARIA.to_map()) == MARIA


def test_an_unknown_field_is_refused():
    with pytest.raises(ValidationError):
        Customer.model_validate({**MARIA.to_map(), "role": "admin"})


# Errors

BLOCKED = Refusal("invoice.settled", "A fatura já foi liquidada.")
ASKED = Refusal("invoice.booklet", "A fatura pertence a um carnê.", Severity.ASKS)
WARNED = Refusal("invoice.sent", "A fatura já foi enviada.", Severity.WARNS)


def test_blocking_and_asking_refusals_remain_until_confirmed():
    reasons = [BLOCKED, ASKED, WARNED]
    assert standing(reasons) == [BLOCKED, ASKED]
    assert standing(reasons, confirmed=True) == [BLOCKED]
    assert standing([WARNED]) == []


def test_a_refusal_gives_all_its_reasons_at_once():
    refused = Refused.because(reason for reason in [BLOCKED, ASKED])
    assert refused.reasons == (BLOCKED, ASKED)
    assert (refused.code, refused.title, refused.status) == (BLOCKED.code, BLOCKED.message, 422)
    assert str(refused) == "invoice.settled: A fatura já foi liquidada."


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("InvalidInput", 400),
        ("Forbidden", 403),
        ("NotFound", 404),
        ("Conflict", 409),
        ("PreconditionFailed", 412),
        ("TooLarge", 413),
        ("Refused", 422),
    ],
)
def test_each_error_has_its_status_and_the_name_that_state_machines_catch(name, status):
    error = getattr(errors, name)
    assert issubclass(error, BillingError)
    assert (error.__name__, error.status) == (name, status)


def test_internal_failure_is_not_shown_as_the_users_mistake():
    assert not issubclass(Transient, BillingError)


@pytest.mark.parametrize(
    "error", [InvalidInput("cpf.format", "CPF inválido."), Refused.because([BLOCKED, ASKED])]
)
def test_an_error_survives_a_copy_and_another_process(error):
    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert type(twin) is type(error)
        assert (twin.code, twin.title, twin.reasons) == (error.code, error.title, error.reasons)
        assert str(twin) == str(error)
