"""E-mail by Amazon SES, API v2 (SendEmail with a raw message: that is how attachments go).

The company's address in `From` must be a verified identity. The tags come back in every event of the message.
"""

from typing import Any

from billing.adapters import aws_answers
from billing.dispatch.ports import Letter

_REFUSED = frozenset({"MessageRejected", "BadRequestException"})
_WHY = "O provedor de e-mail recusou a mensagem. Confira o endereço do destinatário."


class SesMail:
    def __init__(self) -> None:
        self._ses: Any = aws_answers.client("sesv2")

    def send(self, letter: Letter) -> str:
        return aws_answers.ask(
            lambda: self._ses.send_email(
                FromEmailAddress=letter.sender,
                Destination={"ToAddresses": [*letter.to], "CcAddresses": [*letter.cc]},
                Content={"Raw": {"Data": letter.content}},
                EmailTags=[
                    {"Name": "tenant", "Value": letter.tenant_id},
                    {"Name": "customer", "Value": letter.customer_id},
                    {"Name": "message", "Value": letter.message_id},
                ],
            ),
            refused=_REFUSED,
            why=_WHY,
        )
