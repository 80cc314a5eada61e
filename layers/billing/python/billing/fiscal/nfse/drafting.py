"""A declaration (DPS) for a group of an invoice's charges: one service, with the sum of its charges (FIS-02, FIS-06).

A charge below zero is an unconditional discount. Federal withholdings are not declared: no register says which customer
withholds them (PAY-07).
"""

from datetime import date

from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.customers.model import PersonKind
from billing.fiscal.document import Observations
from billing.fiscal.drafting import Case, DocumentGroup, issuer_of, observations_of, recipient_of
from billing.fiscal.nfse.dps import Dps, Iss, IssWithheldBy, NfseIbsCbs, NfseService
from billing.fiscal.settings import NfseComposition, NfseSettings, ServicePlace


def nfse_settings(settings: NfseSettings | None) -> NfseSettings:
    """Raises Refused for a company that does not issue the NFS-e."""
    if settings is None:
        message = "A empresa não está configurada para NFS-e: informe série e regime na configuração fiscal."
        raise Refused("nfse.not_configured", message)
    return settings


def draft_dps(case: Case, group: DocumentGroup, day: date, observations: Observations | None = None) -> Dps:
    """As it would be issued on that day, which is its competence. Raises Refused for a customer without an address."""
    [composition] = {one.nfse for _, one in group.lines if one.nfse is not None}
    contract = case.contracts.get(group.contract_id or "")
    amounts = [charge.amount for charge, _ in group.lines]
    recipient = recipient_of(case.customer)
    issuer = issuer_of(case)
    is_provided_here = composition.place is ServicePlace.PROVIDER
    place = issuer.place if is_provided_here else recipient.place
    is_company = case.customer.kind is PersonKind.COMPANY
    return Dps(
        environment=case.settings.environment,
        issuer=issuer,
        regime=nfse_settings(case.settings.nfse).regime,
        recipient=recipient,
        service=NfseService(
            national_code=composition.national_code,
            municipal_code=composition.municipal_code,
            nbs=composition.nbs,
            description="; ".join(dict.fromkeys(charge.title for charge, _ in group.lines)),
            place_code=place.municipality_code,
        ),
        rendered_on=day,
        amount=Money.sum(amount for amount in amounts if amount > ZERO),
        unconditional_discount=-Money.sum(amount for amount in amounts if amount < ZERO),
        iss=_iss(composition, is_company=is_company),
        contributions_cst=composition.contributions_cst,
        contribution_regime=composition.contribution_regime,
        approximate_taxes=composition.approximate_taxes,
        ibs_cbs=_ibs_cbs(composition, is_company=is_company),
        observations=(observations or observations_of(case, contract)).written,
    )


def _iss(composition: NfseComposition, *, is_company: bool) -> Iss:
    return composition.iss if is_company else composition.iss.evolve(withheld_by=IssWithheldBy.NOBODY)


def _ibs_cbs(composition: NfseComposition, *, is_company: bool) -> NfseIbsCbs | None:
    """A natural person takes the service for personal use."""
    declared = composition.ibs_cbs
    return declared if declared is None or is_company else declared.evolve(is_final=True)
