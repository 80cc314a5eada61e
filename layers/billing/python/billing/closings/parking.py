"""Bad data of one contract leave it out of a run, with words for a clerk; the others go on (PLT-04)."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from billing.core.errors import BillingError
from billing.runs.model import Parked


@contextmanager
def parking(key: str, parked: list[Parked]) -> Iterator[None]:
    """What the data of `key` raise inside the block is added to `parked`."""
    try:
        yield
    except ValueError as error:
        fault = error if isinstance(error, ValidationError) else error.__cause__
        if not isinstance(fault, ValidationError):  # of a row that cannot be read
            raise
        fields = ", ".join(".".join(str(part) for part in each["loc"]) for each in fault.errors()[:3])
        message = (
            f"O cadastro guardado tem dados inválidos ({fields}). Corrija o contrato e processe de novo."
        )
        parked.append(Parked(key=key, code="closing.bad_data", message=message))
    except BillingError as error:
        parked.append(Parked(key=key, code=error.code, message=error.title))
    except ArithmeticError:
        message = "Os valores deste contrato são grandes demais para calcular. Confira preços e quantidades."
        parked.append(Parked(key=key, code="closing.amount", message=message))
