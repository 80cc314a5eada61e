"""How a format becomes the type of an entity's field."""

from collections.abc import Callable

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from billing.core.errors import InvalidInput


def checked_by(validate: Callable[[str], str]) -> AfterValidator:
    """The field holds what `validate` returns; what it refuses is a field error with the same code and message."""

    def check(text: str) -> str:
        try:
            return validate(text)
        except InvalidInput as refused:
            raise PydanticCustomError(refused.code, refused.title) from refused

    return AfterValidator(check)
