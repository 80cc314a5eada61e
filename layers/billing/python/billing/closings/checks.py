"""Pending issues (pendências, CLO-05): what keeps a closing from freezing automatically, in the words users read.

The manual speaks of printers; for other equipment the title names the kind. Issues from rating that are not in the
manual keep their own code and words.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from billing.closings.figures import PendingIssue
from billing.closings.model import PARTIAL_PASSAGE
from billing.contracts.items import ContractItem, ItemKind
from billing.contracts.model import Contract
from billing.contracts.states import ContractState
from billing.core.period import Period
from billing.rating.definition import Category, ChargeDefinition, DefinitionScope
from billing.rating.lines import RatingIssue
from billing.rating.terms import UsageQuantity
from billing.rating.units import covers
from billing.usage.readings import StrayItem

ITEM_UNBOUND = "closing.item_unbound"
ITEM_WITHOUT_COST = "closing.item_without_cost"
COUNTER_MISSING = "closing.counter_missing"
ITEM_SILENT = "closing.item_silent"
ABOVE_LAST_BAND = "closing.above_last_band"
CONTRACT_SUSPENDED = "closing.contract_suspended"


class _Words(NamedTuple):
    title: str
    remedy: str


_OF_ITEMS = {
    ITEM_WITHOUT_COST: _Words(
        "{kind} associad{o} a este contrato, mas sem configurações de custo vinculadas",
        "Adicione pelo menos um custo a algum tipo de produção do item no contrato.",
    ),
    COUNTER_MISSING: _Words(
        "{kind} cadastrad{o} manualmente, mas sem lançamento de contadores no período de faturamento",
        "Adicione um contador do item no período.",
    ),
    ITEM_SILENT: _Words(
        "{kind} com o tempo máximo de falha de comunicação tolerado já esgotado",
        "Restabeleça a comunicação com o equipamento, para que a monitoração envie uma leitura; ou marque o item como não"
        " monitorado no contrato e adicione um contador no período. Depois recalcule o fechamento.",
    ),
    PARTIAL_PASSAGE: _Words(
        "{kind} com passagem parcial no período do fechamento",
        "Congele manualmente e escolha cobrança integral ou proporcional aos dias monitorados.",
    ),
    ABOVE_LAST_BAND: _Words(
        "{kind} com quantidade acima da última faixa, sem preço do excedente",
        "Informe o preço do excedente ou mais uma faixa na definição do encargo.",
    ),
}

_FEMININE = {ItemKind.PRINTER, ItemKind.WORK_ORDER}

_UNBOUND = _Words(
    "{kind} monitorad{o} no cliente sem vínculo com um contrato",
    "Adicione o equipamento ao contrato, com o contador do dia em que entrou: as leituras que já chegaram são cobradas. O que"
    " não é deste cliente deixa de constar quando a monitoração não o envia mais.",
)

_FROM_RATING = {
    "rating.partial_passage": PARTIAL_PASSAGE,
    "rating.above_last_band": ABOVE_LAST_BAND,
}


_CORRECT = "Corrija o cadastro ou o lançamento e recalcule o fechamento."
_REMEDIES = {
    "rating.tax_code_unknown": "Cadastre a alíquota do código tributário, com início de vigência até este dia, ou troque o"
    " código na definição de encargos; depois recalcule o fechamento.",
}


def check(
    contract: Contract,
    period: Period,
    rated: Iterable[RatingIssue],
    last_seen: Mapping[str, date],
    on: date,
) -> tuple[PendingIssue, ...]:
    """Every pending issue of the contract in `period`, as of `on`.

    `rated` are the issues that rating found; `last_seen` has the day of each monitored item's last reading.
    """
    present = {item.id: item for item in contract.items if item.in_contract(period) is not None}
    findings = [_of_contract(contract)] if contract.state is ContractState.SUSPENDED else []
    definitions = contract.definitions_in(period)
    without_cost = {item.id for item in present.values() if not _has_cost(item, definitions)}
    silent = {
        item.id for item in present.values() if _is_silent(item, contract, period, last_seen.get(item.id), on)
    }
    findings += [_of_item(ITEM_WITHOUT_COST, present[item_id]) for item_id in sorted(without_cost)]
    findings += [_of_item(ITEM_SILENT, present[item_id]) for item_id in sorted(silent)]
    for issue in rated:
        item = present.get(issue.item_id or "")
        if issue.code == "rating.usage_without_definition" and issue.item_id in without_cost:
            continue
        if issue.code == "rating.reading_missing" and item is not None:
            if item.monitored and contract.max_silence_days is not None:
                continue  # within the tolerance, or reported above
            if not item.monitored:
                findings.append(_of_item(COUNTER_MISSING, item))
                continue
        findings.append(_of_rating(issue, item))
    return tuple(dict.fromkeys(findings))


def stray_items(strays: Iterable[StrayItem]) -> list[PendingIssue]:
    """Monitored in no contract (CLO-05 a); a counter of pages is a printer's."""
    return [
        PendingIssue(
            code=ITEM_UNBOUND,
            title=_UNBOUND.title.format(
                kind="Impressora" if stray.unit.startswith("page") else "Equipamento",
                o="a" if stray.unit.startswith("page") else "o",
            ),
            remedy=_UNBOUND.remedy,
            item_id=stray.item_id,
            item=f"{stray.item_id}, leitura de {stray.read_on:%d/%m/%Y}",
        )
        for stray in strays
    ]


def out_of_force(usage: Iterable[UsageQuantity]) -> tuple[PendingIssue, ...]:
    """Usage on days on which the contract was not in force, which is therefore billed nowhere."""
    days = sorted({entry.on for entry in usage})
    return tuple(
        PendingIssue(
            code="rating.usage_outside_period",
            title=f"Uso de {day:%d/%m/%Y} fora da vigência do contrato: não foi cobrado aqui.",
            remedy="Exclua o lançamento, ou cobre-o à parte, em uma conta; depois recalcule o fechamento.",
        )
        for day in days
    )


def _has_cost(item: ContractItem, definitions: Iterable[ChargeDefinition]) -> bool:
    """Whether the item has a definition of its own, one for every item, or one of the contract that rates one of its
    meters."""
    return any(
        definition.item_id == item.id
        or (definition.item_id is None and definition.scope is DefinitionScope.ITEM)
        or (definition.item_id is None and _takes_a_meter(definition, item))
        for definition in definitions
    )


def _takes_a_meter(definition: ChargeDefinition, item: ContractItem) -> bool:
    return (
        definition.category is Category.USAGE
        and definition.usage_unit is not None
        and any(covers(definition.usage_unit, meter.unit) for meter in item.meters)
    )


def _is_silent(
    item: ContractItem, contract: Contract, period: Period, read_on: date | None, on: date
) -> bool:
    """Automatic monitoring only: no reading for longer than the contract tolerates, counted up to the period's end at
    most."""
    if not item.monitored or contract.max_silence_days is None:
        return False
    heard_on = max(day for day in (item.last_seen_on, read_on, item.joined_on) if day is not None)
    until = min(on, period.end, item.left_on or period.end)
    return (until - heard_on).days > contract.max_silence_days


def _of_item(code: str, item: ContractItem) -> PendingIssue:
    words = _OF_ITEMS[code]
    vowel = "a" if item.kind in _FEMININE else "o"
    return PendingIssue(
        code=code,
        title=words.title.format(kind=item.kind.label, o=vowel),
        remedy=words.remedy,
        item_id=item.id,
        item=item.description,
    )


def _of_rating(issue: RatingIssue, item: ContractItem | None) -> PendingIssue:
    code = _FROM_RATING.get(issue.code)
    if code is not None and item is not None:
        return _of_item(code, item)
    return PendingIssue(
        code=code or issue.code,
        title=issue.message,
        remedy=_REMEDIES.get(issue.code, _CORRECT),
        item_id=issue.item_id,
        item=None if item is None else item.description,
    )


def _of_contract(contract: Contract) -> PendingIssue:
    return PendingIssue(
        code=CONTRACT_SUSPENDED,
        title=f"Contrato {contract.number} suspenso",
        remedy="Confirme se o período deve ser cobrado: cancele a suspensão ou congele manualmente.",
    )
