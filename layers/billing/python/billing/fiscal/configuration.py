"""What an administrator configures for a company's documents: settings, certificate, competences (FIS-06)."""

from datetime import datetime

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.audit.history import Recorded
from billing.core.clock import Clock
from billing.core.entity import Entity
from billing.core.errors import Refused, Severity
from billing.core.period import Month
from billing.core.table import require_version
from billing.core.text import Text
from billing.customers.company_store import get_company
from billing.fiscal import store
from billing.fiscal.actions import FiscalSettingsAction
from billing.fiscal.certificates import CertificateInfo, NewCertificate, opened, sealed
from billing.fiscal.document import FiscalDocument
from billing.fiscal.parties import TaxRegime
from billing.fiscal.ports import KeyVault
from billing.fiscal.settings import FiscalMonth, FiscalSettings, FiscalSettingsData


class FiscalNotice(Entity):
    """O que falta, ou vai faltar, para emitir."""

    code: str
    message: str
    severity: Severity


class FiscalSettingsView(Entity):
    """Configuração fiscal de uma empresa, com o que saber dela."""

    version: int
    settings: FiscalSettings | None = None
    """Ausente antes de configurada."""
    certificate: CertificateInfo | None = None
    """Ausente antes de enviado."""
    notices: tuple[FiscalNotice, ...] = ()


class FiscalMonthData(Entity):
    """O que se muda de uma competência."""

    is_open: bool = True
    observation: Text | None = Field(default=None, max_length=250, examples=["Reajuste pelo IPCA em abril"])
    """Impressa em todos os documentos da competência."""


def view(call: Call, company_id: str) -> FiscalSettingsView:
    """Raises Forbidden, NotFound."""
    call.require_company(company_id)
    get_company(call.tenant_id, company_id)
    settings = store.find_settings(call.tenant_id, company_id)
    certificate = store.find_certificate(call.tenant_id, company_id)
    info = None if certificate is None else certificate.info
    return FiscalSettingsView(
        version=0 if settings is None else settings.version,
        settings=settings,
        certificate=info,
        notices=tuple(_notices(settings, info, store.find_pause(call.tenant_id, company_id), call.now)),
    )


def _notices(
    settings: FiscalSettings | None,
    certificate: CertificateInfo | None,
    pause: store.Pause | None,
    now: datetime,
) -> list[FiscalNotice]:
    notices = []
    if settings is None:
        message = "A empresa ainda não foi configurada: nada é emitido."
        notices.append(FiscalNotice(code="fiscal.not_configured", message=message, severity=Severity.BLOCKS))
    if certificate is None:
        message = "Falta o certificado digital (A1): nada é emitido."
        notices.append(FiscalNotice(code="certificate.missing", message=message, severity=Severity.BLOCKS))
    elif certificate.has_expired(now):
        message = f"O certificado venceu em {certificate.expires_at:%d/%m/%Y}: envie o novo."
        notices.append(FiscalNotice(code="certificate.expired", message=message, severity=Severity.BLOCKS))
    elif certificate.is_near_its_end(now):
        message = f"O certificado vence em {certificate.expires_at:%d/%m/%Y}: renove-o."
        notices.append(
            FiscalNotice(code="certificate.near_its_end", message=message, severity=Severity.WARNS)
        )
    if pause is not None and now < pause.until:
        notices.append(FiscalNotice(code="fiscal.paused", message=pause.reason, severity=Severity.BLOCKS))
    return notices


def change(call: Call, company_id: str, version: int, data: FiscalSettingsData) -> FiscalSettingsView:
    """Version 0 means a company that was never configured. Ends a pause. Raises PreconditionFailed, Forbidden,
    NotFound."""
    known = view(call, company_id)
    before = known.settings or FiscalSettings(company_id=company_id, regime=TaxRegime.NORMAL)
    require_version(before, version)
    after = before.evolve(**dict(data))
    changes = Changes(call)
    changes.put(
        store.settings_row(call.tenant_id, after), FiscalSettingsAction.CHANGED, before=before, after=after
    )
    pause = store.find_pause(call.tenant_id, company_id)
    if pause is not None and call.now < pause.until:
        changes.include(store.pause_row(call.tenant_id, company_id, pause.evolve(until=call.now)))
    changes.commit()
    return view(call, company_id)


def keep_certificate(
    call: Call, vault: KeyVault, clock: Clock, company_id: str, new: NewCertificate
) -> CertificateInfo:
    """Raises Refused for a certificate that this company cannot use: wrong password, expired, another CNPJ."""
    call.require_company(company_id)
    company = get_company(call.tenant_id, company_id)
    certificate = opened(new)
    certificate.require_usable(company.cnpj, clock.now())
    before = store.find_certificate(call.tenant_id, company_id)
    kept = sealed(vault, call.tenant_id, company_id, certificate, call.now)
    if before is not None:
        kept = kept.evolve(version=before.version)
    changes = Changes(call)
    changes.put(store.certificate_row(call.tenant_id, kept), FiscalSettingsAction.CERTIFICATE_KEPT)
    return changes.commit_answering(kept.info)


def month(call: Call, company_id: str, of: Month) -> FiscalMonth:
    """Raises Forbidden, NotFound."""
    call.require_company(company_id)
    get_company(call.tenant_id, company_id)
    return store.get_month(call.tenant_id, company_id, of)


def change_month(call: Call, company_id: str, of: Month, version: int, data: FiscalMonthData) -> FiscalMonth:
    """Raises PreconditionFailed, and Refused to close a month with documents that have no final answer."""
    before = require_version(month(call, company_id, of), version)
    if before.is_open and not data.is_open:
        _require_finished(call, company_id, of)
    after = before.evolve(**dict(data))
    changes = Changes(call)
    changes.put(
        store.month_row(call.tenant_id, after), FiscalSettingsAction.MONTH_CHANGED, before=before, after=after
    )
    return changes.commit_answering(after)


def _require_finished(call: Call, company_id: str, of: Month) -> None:
    unfinished = [
        document
        for document in store.all_documents_in(call.tenant_id, company_id, of)
        if document.is_unfinished or document.cancellation is not None
    ]
    if unfinished:
        numbers = ", ".join(str(document.number) for document in unfinished[:5])
        message = f"Há {len(unfinished)} documentos sem resposta final na competência (números {numbers}): conclua-os antes de fechar."
        raise Refused("fiscal.month_unfinished", message)


def month_history(call: Call, company_id: str, of: Month) -> Recorded:
    """Raises Forbidden, NotFound."""
    kept = month(call, company_id, of)
    return Recorded.of(kept, store.month_row(call.tenant_id, kept))


def settings_history(call: Call, company_id: str) -> Recorded:
    """Raises NotFound, Forbidden."""
    settings = view(call, company_id).settings or FiscalSettings(
        company_id=company_id, regime=TaxRegime.NORMAL
    )
    return Recorded.of(settings, store.settings_row(call.tenant_id, settings))


def document_history(call: Call, document: FiscalDocument) -> Recorded:
    return Recorded.of(document, store.document_row(call.tenant_id, document))
