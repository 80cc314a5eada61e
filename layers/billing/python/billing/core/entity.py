"""An entity: a frozen pydantic object that the rules act on, the API sends and the store keeps."""

import os
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

_DESCRIBES = os.environ.get("MENSAL_DESCRIBE") == "1"
"""Only where the API's description is generated: reading every field's docstring from source takes half of an import."""


class Entity(BaseModel):
    """Frozen; changed by a verb that checks the rule and calls `evolve`. A field is declared here and nowhere else."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        str_strip_whitespace=True,
        str_max_length=4000,
        validate_default=False,
        hide_input_in_errors=True,  # an error that nobody caught is logged
        use_attribute_docstrings=_DESCRIBES,
        defer_build=True,  # a schema is built when it is first used: a function imports many and uses few
    )

    def evolve(self, **changes: Any) -> Self:
        """A copy with the changes, validated again (`model_copy(update=)` is not, and is banned)."""
        fields = {name: self.__dict__[name] for name in type(self).model_fields}  # no cached properties
        return type(self).model_validate({**fields, **changes})

    def to_map(self) -> dict[str, Any]:
        """As stored and sent: JSON types only, money and decimals as text, absent fields left out."""
        return self.model_dump(mode="json", exclude_none=True)
