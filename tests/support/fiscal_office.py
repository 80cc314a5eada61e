"""A small base of billed invoices that need NFCom, and an office whose authority runs in this process."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from billing.access.call import Call
from billing.adapters.sandbox_authority.nfcom import AnswerLost, NfcomAuthority
from billing.adapters.sandbox_authority.sefin import SefinAuthority
from billing.contracts.store import contract_row
from billing.core.files import Files
from billing.core.pace import Pace
from billing.core.table import Writes
from billing.customers.model import Address
from billing.entry import fiscal_office, wiring
from billing.fiscal import store
from billing.fiscal.certificate import SigningCertificate, open_certificate
from billing.fiscal.certificates import sealed
from billing.fiscal.desk import Desk, open_desk
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.authorisers import Service
from billing.fiscal.nfcom.requests import envelope
from billing.fiscal.ports import FiscalOffice, NoAnswer, SefinRequest, SefinResponse
from billing.fiscal.settings import CompositionRule, FiscalComposition, FiscalSettings, NfcomComposition
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from tests.support import fiscal
from tests.support.billing import bill_all, company, customer, keep, profile
from tests.support.contracts import contract
from tests.support.invoices import charge


class MemoryVault:
    """Encrypts by exclusive or with a digest of the context: read with another context, the result is no key."""

    def seal(self, secret: bytes, context: dict[str, str]) -> bytes:
        return bytes(byte ^ mask for byte, mask in zip(secret, _mask(context, len(secret)), strict=True))

    def reveal(self, sealed: bytes, context: dict[str, str]) -> bytes:
        return self.seal(sealed, context)


def _mask(context: dict[str, str], length: int) -> bytes:
    return hashlib.shake_256(repr(sorted(context.items())).encode()).digest(length)


@dataclass
class InProcessAuthorities:
    """The stand-in, called with the envelopes that would be sent; `before` and `after` see each call."""

    authority: NfcomAuthority
    before: Callable[[Service], None] = lambda _service: None
    after: Callable[[Service], None] = lambda _service: None
    calls: list[Service] = field(default_factory=list)

    def ask(
        self, service: Service, uf: str, environment: Environment, message: bytes, signer: SigningCertificate
    ) -> bytes:
        self.before(service)
        self.calls.append(service)
        try:
            answer = self.authority.answer(service, envelope(service, message))
        except AnswerLost:
            raise NoAnswer from None
        finally:
            self.after(service)
        return answer


@dataclass
class InProcessSefin:
    """The Sefin Nacional's stand-in; `before` and `after` see each call."""

    authority: SefinAuthority
    before: Callable[[SefinRequest], None] = lambda _request: None
    after: Callable[[SefinRequest], None] = lambda _request: None
    calls: list[SefinRequest] = field(default_factory=list)

    def ask(
        self, request: SefinRequest, environment: Environment, signer: SigningCertificate
    ) -> SefinResponse:
        self.before(request)
        self.calls.append(request)
        try:
            return SefinResponse(*self.authority.answer(request.path, request.body))
        except AnswerLost:
            raise NoAnswer from None
        finally:
            self.after(request)


@cache
def signing_certificate(day: date) -> SigningCertificate:
    """The company's, valid from a hundred days before to a hundred after."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    content = fiscal.pkcs12(since=noon - timedelta(days=100), until=noon + timedelta(days=100))
    return open_certificate(content, fiscal.PASSWORD)


def office(call: Call, files: Files) -> FiscalOffice:
    """Its authority has no documents yet."""
    return FiscalOffice(
        authorities=InProcessAuthorities(NfcomAuthority(clock=call.clock)),
        sefin=InProcessSefin(SefinAuthority(clock=call.clock)),
        vault=MemoryVault(),
        files=files,
        clock=call.clock,
        pace=Pace(1_000_000),
    )


class WorldClock:
    """The clock of the cloud in this process."""

    def now(self) -> datetime:
        return wiring.clock().now()


def open_office(patch: pytest.MonkeyPatch) -> NfcomAuthority:
    """What functions issue with, in this process; returns the NFCom's authority that they call."""
    authority, vault = NfcomAuthority(clock=WorldClock()), MemoryVault()
    sefin = SefinAuthority(clock=WorldClock())
    patch.setattr(fiscal_office, "sefin", lambda: InProcessSefin(sefin))
    patch.setattr(fiscal_office, "authorities", lambda: InProcessAuthorities(authority))
    patch.setattr(fiscal_office, "vault", lambda: vault)
    patch.setenv("FISCAL_PER_SECOND", "1000000")
    return authority


def authority_of(office: FiscalOffice) -> NfcomAuthority:
    assert isinstance(office.authorities, InProcessAuthorities)
    return office.authorities.authority


def sefin_of(office: FiscalOffice) -> SefinAuthority:
    assert isinstance(office.sefin, InProcessSefin)
    return office.sefin.authority


def scm(**changes: Any) -> FiscalComposition:
    return FiscalComposition(
        code="SCM",
        name="Internet por fibra",
        nfcom=NfcomComposition(class_code="0400401", cfop="5307", taxation=fiscal.taxation(**changes)),
    )


def support(**changes: Any) -> FiscalComposition:
    """Technical support, by NFS-e."""
    fields = {
        "national_code": "010701",
        "nbs": "115022000",
        "iss": {"percent": "5"},
        "contributions_cst": "01",
        "contribution_regime": "cumulative",
        "approximate_taxes": {"federal": "13.45", "municipal": "3.12"},
        "ibs_cbs": {"cst": "000", "class_code": "000001", "operation_code": "100301"},
        **changes,
    }
    return FiscalComposition.model_validate({"code": "SUP", "name": "Suporte técnico", "nfse": fields})


NFSE_ALONE: dict[str, Any] = {
    "nfse": {"series": 1, "municipal_registration": "31000"},
    "compositions": (support(), FiscalComposition(code="LOC", name="Locação de equipamento")),
    "rules": (CompositionRule(composition="SUP"),),
}
"""Settings by which every charge goes in a NFS-e."""

RENTAL = FiscalComposition(code="LOC", name="Locação de equipamento")


def settings(**changes: Any) -> FiscalSettings:
    """Every contract's charge is internet access, except for the definition def_rent."""
    fields = {
        "company_id": "com_alfa",
        "regime": "3",
        "state_registration": "110042490114",
        "compositions": (scm(), RENTAL),
        "rules": (
            CompositionRule(definition_id="def_rent", composition="LOC"),
            CompositionRule(composition="SCM"),
        ),
        **changes,
    }
    return FiscalSettings.model_validate(fields)


ADDRESS = Address(
    street="Rua A", number="1", district="Centro", city="Rio de Janeiro", uf="RJ", cep="20040002"
)


def configured(call: Call, **changes: Any) -> None:
    """The company's settings and certificate, stored."""
    vault = MemoryVault()
    kept = sealed(vault, call.tenant_id, "com_alfa", signing_certificate(call.today), call.now)
    writes = Writes()
    writes.overwrite(store.settings_row(call.tenant_id, settings(**changes)))
    writes.overwrite(store.certificate_row(call.tenant_id, kept))
    writes.commit()


def billed(call: Call, files: Files, count: int = 1, *more: Any) -> list[Invoice]:
    """An invoice for each of that many customers, of one contract each, with a boleto; `more` charges are stored
    before."""
    configured(call)
    keep(call, company(), profile())
    for number in range(1, count + 1):
        customer_id = f"cus_{number:04d}"
        agreed = contract(customer_id, id=f"con_{number:04d}", state="active", activated_on=date(2025, 3, 10))
        writes = Writes()
        writes.put(contract_row(call.tenant_id, agreed))
        writes.commit()
        keep(call, customer(customer_id, number, name=f"Cliente número {number}"))
        keep(call, charge(customer_id=customer_id, contract_id=f"con_{number:04d}"))
    keep(call, *more)
    bill_all(call, files)
    return [
        invoice
        for number in range(1, count + 1)
        for invoice in invoicing.invoices_of(call.tenant_id, f"cus_{number:04d}")
    ]


def desk_of(call: Call, office: FiscalOffice) -> Desk:
    return open_desk(call, office, "com_alfa")


def changed(call: Call, **changes: Any) -> None:
    """The settings, changed as a person would."""
    before = store.find_settings(call.tenant_id, "com_alfa")
    assert before is not None
    writes = Writes()
    writes.overwrite(store.settings_row(call.tenant_id, before.evolve(**changes)))
    writes.commit()
