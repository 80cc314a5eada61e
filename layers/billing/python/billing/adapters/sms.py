"""SMS by Amazon SNS: Publish directly to a telephone, as a transactional message (billing is not marketing).

Brazil's operators accept no alphanumeric sender: texts come from a number that SNS chooses, so each one gives the
company's name. https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html
"""

from typing import Any

from billing.adapters import aws_answers
from billing.dispatch.ports import Letter

_REFUSED = frozenset({"InvalidParameter", "ParameterValueInvalid", "ValidationException"})
_WHY = "O provedor de SMS recusou a mensagem. Confira o telefone do destinatário."


class SnsSms:
    def __init__(self) -> None:
        self._sns: Any = aws_answers.client("sns")

    def send(self, letter: Letter) -> str:
        (telephone,) = letter.to
        return aws_answers.ask(
            lambda: self._sns.publish(
                PhoneNumber=telephone,
                Message=letter.content.decode(),
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
                },
            ),
            refused=_REFUSED,
            why=_WHY,
        )
