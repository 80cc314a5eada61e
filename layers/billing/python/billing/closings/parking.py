"""A contract with bad data is left out of a run, with a reason for the clerk; the others continue (PLT-04)."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from billing.core.errors import BillingError
from billing.core.table import UnreadableRow
from billing.runs.model import Parked


@contextmanager
def parking(key: str, parked: list[Parked]) -> Iterator[None]:
    """Errors in the data of `key` inside the block are added to `parked`."""
    try:
        yield
    except (ValidationError, UnreadableRow) as error:
        fields = ", ".join(_fields_of(error)[:3])
        message = f"O cadastro tem dados inválidos ({fields}). Corrija o contrato e processe de novo."
        parked.append(Parked(key=key, code="closing.bad_data", message=message))
    except BillingError as error:
        parked.append(Parked(key=key, code=error.code, message=error.title))
    except ArithmeticError:
        message = "Os valores deste contrato são grandes demais para calcular. Confira preços e quantidades."
        parked.append(Parked(key=key, code="closing.amount", message=message))


def _fields_of(error: ValidationError | UnreadableRow) -> tuple[str, ...]:
    if isinstance(error, UnreadableRow):
        return error.fields
    return tuple(".".join(map(str, item["loc"])) for item in error.errors())
