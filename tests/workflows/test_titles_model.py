"""What we believe that the bank has is what it has, whatever clerks, files and answers do in whatever order (BNK-04,
INV-12)."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from billing.access.call import Actor, Call
from billing.access.model import Permission
from billing.access.scope import Scope
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_bank import bank
from billing.adapters.sandbox_bank.bank import TitleEvent, TitleSeen
from billing.bank_files import ending, remittances, store
from billing.bank_files.instruction import LIVE
from billing.bank_files.model import RemittanceRequest
from billing.banking.instructions import Movement
from billing.core.clock import FixedClock
from billing.customers import store as customers
from billing.invoicing import invoices, manual_billing
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from billing.invoicing.invoices import Removal, Unmarking
from billing.invoicing.manual_billing import BillByHand
from billing.invoicing.states import ChargeStatus, RemittanceState
from billing.payments import reversing, settling
from billing.payments import store as payments
from billing.payments.model import AccountKind, CashAccount
from billing.payments.reversing import ReversalRequest
from billing.payments.settling import SettlementByHand
from tests.support import made
from tests.support.aws import in_process_aws
from tests.support.billing import company, customer, keep, profile
from tests.support.instructed import receive
from tests.support.invoices import charge
from tests.support.machine import Walker
from tests.support.requests import anew
from tests.support.tables import create_tables

TODAY = date(2026, 3, 10)
CHARGES = 3
APRIL = {"due_from": date(2026, 4, 1), "due_to": date(2026, 4, 30)}
OTHER = profile(
    id="pro_other",
    name="Outra conta",
    terms=made.itau_terms("54321"),
    first_nosso_numero=50_000_000,
    sends_write_off=True,
)
PROFILES = ("pro_itau", "pro_other")
PAYABLE, WRITTEN_OFF, PAID = "payable", "written_off", "paid"
BELIEVED_PAYABLE = {RemittanceState.REGISTERED, RemittanceState.WRITE_OFF_QUEUED}
MAY_BE_PAYABLE = {*BELIEVED_PAYABLE, RemittanceState.TRANSMITTED}

which = st.integers(0, 9)


class TitlesAndTheBank(RuleBasedStateMachine):
    """One customer's charges, billed, remitted, removed, settled; and a bank with a memory, which answers in its own
    time."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(in_process_aws())
        create_tables()
        self.files = S3Files("mensal-files")
        clock = FixedClock(datetime(2026, 3, 10, 15, 0, tzinfo=UTC))
        every = frozenset(Permission)
        self.call = Call("ten_alfa", Actor("usr_ana"), Scope.of("com_alfa"), every, clock)
        self.held: dict[str, str] = {}
        """Nosso número -> what the bank has of it."""
        self.entries: dict[str, bytes] = {}
        """Nosso número -> the file in which its entry came."""
        self.to_deliver: list[bytes] = []
        self.to_read: list[bytes] = []
        self.answers = 0

    def teardown(self) -> None:
        self.stack.close()

    @initialize()
    def base(self) -> None:
        keep(self.call, company(), profile(sends_write_off=True), OTHER, customer("cus_ana0"))
        account = CashAccount(id="acc_itau", company_id="com_alfa", name="Itaú", kind=AccountKind.BANK)
        made.keep(self.call, payments.account_row("ten_alfa", account))
        for number in range(CHARGES):
            keep(self.call, charge(definition_id=f"def_{number}"))

    @rule(n=which, profile_id=st.sampled_from(PROFILES))
    def bill(self, n: int, profile_id: str) -> None:
        unbilled = [
            c for c in invoicing.charges_of("ten_alfa", "cus_ana0") if c.status is ChargeStatus.UNBILLED
        ]
        if unbilled:
            chosen = BillByHand(ids=(unbilled[n % len(unbilled)].id,), payment_profile_id=profile_id)
            manual_billing.bill(anew(self.call), "cus_ana0", chosen)

    @rule(profile_id=st.sampled_from(PROFILES))
    def remit(self, profile_id: str) -> None:
        known = len(store.remittances("ten_alfa", profile_id))
        remittances.start(anew(self.call), Walker(), RemittanceRequest(profile_id=profile_id, **APRIL))
        written = store.remittances("ten_alfa", profile_id)
        if len(written) > known:
            self.to_deliver.append(self.files.get(store.file_key("ten_alfa", written[0])))

    @precondition(lambda self: self.to_deliver)
    @rule(refuses=st.sets(which, max_size=1))
    def deliver(self, refuses: set[int]) -> None:
        """The bank accepts the next file; now and then it refuses an entry because of its postcode."""
        data = self.to_deliver.pop(0)
        for order, seen in enumerate(bank.titles_of(data)):
            if seen.movement == "01":
                self.entries.setdefault(seen.nosso_numero, data)
            if order in refuses and seen.movement == "01" and seen.nosso_numero not in self.held:
                self._answer(data, seen, bank.rejected("03"))
            else:
                self._answer(data, seen, self._done(seen))

    @precondition(lambda self: self.to_deliver)
    @rule()
    def lose(self) -> None:
        """The file is never sent; the clerk unmarks its titles (INV-13). A file with instructions is sent."""
        seen = bank.titles_of(self.to_deliver[0])
        if all(title.movement == "01" for title in seen):
            self.to_deliver.pop(0)
            for title in seen:
                self._unmark(next(i for i in self._invoices() if i.nosso_numero == title.nosso_numero))

    @precondition(lambda self: self.to_read)
    @rule()
    def read(self) -> None:
        receive(self.call, self.files, self.to_read.pop(0))

    @rule(n=which)
    def unmark(self, n: int) -> None:
        self._some(n, self._unmark)

    @rule(n=which)
    def remove(self, n: int) -> None:
        self._some(n, self._remove)

    @rule(n=which)
    def unmark_and_remove(self, n: int) -> None:
        self._some(n, lambda invoice: (self._unmark(invoice), self._remove(invoice)))

    @rule(n=which)
    def settle_at_the_counter(self, n: int) -> None:
        self._some(n, self._settle)

    @rule(n=which)
    def reverse(self, n: int) -> None:
        self._some(n, self._reverse)

    @rule(n=which)
    def pay(self, n: int) -> None:
        """A payer pays a boleto that the bank still has."""
        payable = sorted(number for number, state in self.held.items() if state == PAYABLE)
        if payable:
            number = payable[n % len(payable)]
            data = self.entries[number]
            seen = next(title for title in bank.titles_of(data) if title.nosso_numero == number)
            self.held[number] = PAID
            self._answer(data, seen, bank.paid(seen.amount))

    @rule(n=which)
    def mend_the_postcode(self, n: int) -> None:
        before = customers.get("ten_alfa", "cus_ana0")
        (address,) = before.addresses
        after = before.evolve(addresses=(address.evolve(cep=f"2004000{n}"),))
        made.keep(self.call, customers.customer_row("ten_alfa", after))

    @invariant()
    def no_charge_has_two_payable_boletos(self) -> None:
        payable: dict[str, list[str]] = {}
        for invoice in self._invoices():
            if self.held.get(invoice.nosso_numero or "") == PAYABLE:
                for charge_id in invoice.charge_ids:
                    payable.setdefault(charge_id, []).append(invoice.id)
        assert all(len(invoice_ids) == 1 for invoice_ids in payable.values()), payable

    @invariant()
    def what_the_bank_has_is_never_unknown(self) -> None:
        for invoice in self._invoices():
            if self.held.get(invoice.nosso_numero or "") == PAYABLE and not self._unread(invoice):
                assert invoice.remittance in MAY_BE_PAYABLE, invoice

    @invariant()
    def what_nobody_is_to_pay_is_being_written_off(self) -> None:
        for invoice in self._invoices():
            if invoice.is_at_the_bank and ending.is_over(self.call, invoice):
                instructions = store.instructions_of("ten_alfa", "cus_ana0", invoice.id)
                live = [
                    one for one in instructions if one.movement is Movement.WRITE_OFF and one.status in LIVE
                ]
                assert live or invoice.remittance is RemittanceState.TRANSMITTED, invoice

    @invariant()
    def when_all_is_told_both_know_the_same(self) -> None:
        if self.to_deliver or self.to_read:
            return
        for invoice in self._invoices():
            has = self.held.get(invoice.nosso_numero or "") == PAYABLE
            assert (invoice.remittance in BELIEVED_PAYABLE) == has, (invoice, self.held)

    def _unread(self, invoice: Invoice) -> bool:
        return bool(self.to_read or self.to_deliver) and invoice.nosso_numero in self.entries

    def _done(self, seen: TitleSeen) -> TitleEvent:
        """What the bank does, and how it answers."""
        state = self.held.get(seen.nosso_numero)
        if seen.movement == "01":
            if state is not None:
                return bank.rejected("14")  # Itaú: the number is registered
            self.held[seen.nosso_numero] = PAYABLE
            return bank.confirmed()
        assert seen.movement == "02"
        if state != PAYABLE:
            return bank.rejected("33")
        self.held[seen.nosso_numero] = WRITTEN_OFF
        return bank.confirmed()

    def _answer(self, data: bytes, seen: TitleSeen, outcome: TitleEvent) -> None:
        """A return dated on a day of its own, so that no two answers are the same occurrence."""
        self.answers += 1
        on = TODAY + timedelta(days=self.answers)

        def of_it(title: TitleSeen) -> list[TitleEvent]:
            return [outcome] if title.line_number == seen.line_number else []

        self.to_read.append(bank.respond(data, of_it, sequence=self.answers, on=on))

    def _invoices(self) -> list[Invoice]:
        return sorted(invoicing.invoices_of("ten_alfa", "cus_ana0"), key=lambda invoice: invoice.number)

    def _some(self, n: int, do: Callable[[Invoice], Any]) -> None:
        all_invoices = self._invoices()
        if all_invoices:
            do(all_invoices[n % len(all_invoices)])

    def _unmark(self, invoice: Invoice) -> None:
        invoices.unmark(anew(self.call), "cus_ana0", Unmarking(ids=(invoice.id,), reason="Engano"))

    def _remove(self, invoice: Invoice) -> None:
        chosen = Removal(ids=(invoice.id,), reason="Engano")
        invoices.remove(anew(self.call), "cus_ana0", chosen, ending.let_go)

    def _settle(self, invoice: Invoice) -> None:
        choice = {"customer_id": "cus_ana0", "invoice_id": invoice.id}
        fields = {"invoices": [choice], "method": "other", "settled_on": TODAY, "justification": "No balcão"}
        settling.settle(anew(self.call), SettlementByHand.model_validate(fields), ending.let_go)

    def _reverse(self, invoice: Invoice) -> None:
        for settlement in payments.settlements_of("ten_alfa", "cus_ana0", invoice.id):
            if settlement.is_live and settlement.settled_on <= TODAY:
                request = ReversalRequest(
                    customer_id="cus_ana0",
                    invoice_id=invoice.id,
                    settlement_id=settlement.id,
                    on=TODAY,
                    reason="Devolvido",
                )
                reversing.reverse(anew(self.call), request, ending.take_back)
                return


TestTitlesAndTheBank = pytest.mark.req("BNK-04", "INV-12", "INV-13", "PAY-08")(TitlesAndTheBank.TestCase)
TitlesAndTheBank.TestCase.settings = settings(
    max_examples=15, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)
)
