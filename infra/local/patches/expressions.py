"""DynamoDB's expressions in the local cloud: few texts, parsed again and again."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import functools
from collections.abc import Callable
from typing import Any

from ministack.services import dynamodb

TEXTS = 4096
"""How many are remembered; the product has some hundreds."""


def read_each_expression_once() -> None:
    """Every condition of every request is parsed letter by letter, and its grammar checked: a tenth of a transaction's
    time."""
    if not hasattr(dynamodb._tokenize, "__wrapped__"):
        dynamodb._tokenize = _remembered(dynamodb._tokenize)
        check = dynamodb._condition_syntax_error
        dynamodb._condition_syntax_error = functools.lru_cache(TEXTS)(check)


def _remembered(tokenize: Callable[[str], list[Any]]) -> Callable[[str], list[Any]]:
    """Each caller gets a list of its own."""
    read = functools.lru_cache(TEXTS)(tokenize)

    @functools.wraps(tokenize)
    def tokens(expression: str) -> list[Any]:
        return list(read(expression))

    return tokens
