"""Why a bank's file was not read: a code, and the line, column, field and value where it breaks."""

from billing.banking.layouts.record import Record
from billing.core.errors import BillingError


class InvalidReturn(BillingError):
    """The file is refused as a whole: nothing in it is applied."""

    status = 422

    def __init__(
        self, code: str, what: str, *, line: int = 0, column: int = 0, field: str = "", value: str = ""
    ) -> None:
        place = ", ".join(
            part
            for part in (
                f"linha {line}" if line else "",
                f"coluna {column}" if column else "",
                f"campo {field}" if field else "",
                f"valor “{printable(value)}”" if value else "",
            )
            if part
        )
        super().__init__(f"return.{code}", f"{place}: {what}" if place else what)
        self.line, self.column, self.field, self.value = line, column, field, value


def printable(value: str) -> str:
    """Text that a screen can show: a file that is not text may have control characters."""
    return "".join(character if character.isprintable() else "·" for character in value)


def unreadable(record: Record, line: str, number: int) -> InvalidReturn:
    """The first field of the line that does not fit its layout."""
    fault = next(record.faults(line))
    return InvalidReturn(
        "field",
        f"o banco põe aqui {fault.field.picture.in_words} de {fault.field.width} posições",
        line=number,
        column=fault.field.start,
        field=fault.field.name,
        value=fault.text,
    )
