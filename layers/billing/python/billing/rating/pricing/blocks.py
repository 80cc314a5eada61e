"""Blocks: a tier has `max` blocks of `size` units (-1 = unlimited); a block once begun is billed whole.

all tiers   fill the tiers in order; anything beyond the last continues in the last
top tier    the tier that holds the quantity prices all of it, in blocks of its own size; beyond the last, the last
delta       R(all tiers of the running total) minus what was billed before; below zero it is a credit
"""

from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from billing.core.entity import Entity
from billing.core.money import Quantity, UnitPrice
from billing.rating import brazilian
from billing.rating.exact import Count, Number, in_cents
from billing.rating.explanation import AMOUNT, ZERO, Rule, Trail

UNLIMITED = -1


class Mode(StrEnum):
    ALL_TIERS = "all_tiers"
    TOP_TIER = "top_tier"
    DELTA = "delta"


class QuantityBlock(Entity):
    size: Annotated[Quantity, Field(gt=0)]
    """Unidades de um bloco."""
    max: Count
    """Blocos que cabem na faixa; -1 é sem limite."""
    price: UnitPrice
    """R$ por bloco."""


def _only_last_unlimited(blocks: tuple[QuantityBlock, ...]) -> tuple[QuantityBlock, ...]:
    if any(block.max == 0 or block.max < UNLIMITED for block in blocks):
        raise ValueError("cada faixa tem pelo menos um bloco (-1 = sem limite)")
    if any(block.max == UNLIMITED for block in blocks[:-1]):
        raise ValueError("faixas sobrepostas: só a última pode ser sem limite")
    return blocks


class Blocks(Entity):
    kind: Literal["blocks"] = "blocks"
    mode: Mode = Mode.ALL_TIERS
    blocks: Annotated[
        tuple[QuantityBlock, ...], Field(min_length=1, max_length=100), AfterValidator(_only_last_unlimited)
    ]


def price(trail: Trail, model: Blocks, already_billed: Number = ZERO) -> None:
    """`already_billed`: BRL billed before for the running total; only `delta` subtracts it."""
    if model.mode is Mode.TOP_TIER:
        _top_tier(trail, model)
        return
    remaining = trail.quantity
    last = len(model.blocks) - 1
    for index, block in enumerate(model.blocks):
        if remaining <= 0:
            break
        blocks = ceil(remaining / block.size)
        if index < last:
            blocks = min(blocks, block.max)
        _charge(trail, block, blocks)
        remaining -= blocks * block.size
    if model.mode is Mode.DELTA:
        trail.set_amount(BILLED_BEFORE, ("already_billed", already_billed, "closing"))


def _top_tier(trail: Trail, model: Blocks) -> None:
    reach: Number = ZERO
    for block in model.blocks:
        reach += block.size * block.max
        if block.max == UNLIMITED or trail.quantity <= reach:
            break
    if trail.quantity > 0:
        _charge(trail, block, ceil(trail.quantity / block.size))


def _charge(trail: Trail, block: QuantityBlock, blocks: int) -> None:
    trail.set_amount(
        BLOCKS,
        ("blocks", Decimal(blocks), "usage"),
        ("size", block.size, "definition"),
        ("price", block.price, "definition"),
    )


BLOCKS = Rule(
    "blocks",
    AMOUNT,
    lambda _q, a, blocks, _size, price: a + blocks * price,
    lambda s, unit: (
        f"{brazilian.plain(s.value('blocks'))} blocos de {brazilian.units(s.value('size'), unit)}"
        f" a {brazilian.price(s.value('price'))} = {brazilian.amount(s.after)}"
    ),
)
BILLED_BEFORE = Rule(
    "billed_before",
    AMOUNT,
    lambda _q, a, billed: in_cents(a) - billed,
    lambda s, _unit: f"menos já faturado {brazilian.amount(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
RULES = (BLOCKS, BILLED_BEFORE)
