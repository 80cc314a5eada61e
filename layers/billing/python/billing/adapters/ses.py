"""E-mail by Amazon SES, API v2 (SendEmail with a raw message, which is how attachments are sent).

The company's address in `From` must be a verified identity. Every event about the message repeats its tags.
https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
"""

from typing import Any

from billing.adapters import aws_answers
from billing.core.errors import Refusal, Refused
from billing.customers.sender_domains import DnsRecord, DomainProof
from billing.dispatch.ports import Letter

_REFUSED = frozenset({"MessageRejected", "BadRequestException"})
SENDER_TAG = "mensal-tenant"
"""The tag of senders' identities; the permission to send is limited to identities that have it."""
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


class SesIdentities:
    """Each sender is an e-mail identity, tagged with its tenant: SES mails the address a link that is valid for one
    day.

    A link requested by another tenant proves nothing: that identity is deleted and created anew. A domain is an
    identity with Easy DKIM: three CNAME records, which SES looks for during 72 hours.
    https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html
    """

    def __init__(self) -> None:
        import boto3

        self._ses: Any = boto3.client("sesv2")

    def ask(self, tenant_id: str, address: str) -> bool:
        identity_record = self._find(address)
        if (
            identity_record is not None
            and identity_record["owner"] == tenant_id
            and identity_record["status"] in {"PENDING", "SUCCESS"}
        ):
            return bool(identity_record["status"] == "SUCCESS")
        if identity_record is not None:
            self._ses.delete_email_identity(EmailIdentity=address)
        tags = [{"Key": SENDER_TAG, "Value": tenant_id}]
        self._ses.create_email_identity(EmailIdentity=address, Tags=tags)
        return False

    def ask_domain(self, tenant_id: str, domain: str) -> DomainProof:
        """Raises Refused for a domain that the account has without a tenant: the service's own."""
        identity_record = self._find(domain)
        if identity_record is not None and not identity_record["owner"]:
            message = f"O domínio {domain} é do próprio serviço. Informe um domínio seu."
            raise Refused.because([Refusal("sender.domain_taken", message, field="domain")])
        if identity_record is not None and (
            identity_record["owner"] != tenant_id or identity_record["status"] == "FAILED"
        ):
            self._ses.delete_email_identity(EmailIdentity=domain)
            identity_record = None
        if identity_record is not None:
            return DomainProof(
                identity_record["status"] == "SUCCESS", _records(domain, identity_record["dkim"])
            )
        tags = [{"Key": SENDER_TAG, "Value": tenant_id}]
        made = self._ses.create_email_identity(EmailIdentity=domain, Tags=tags)
        return DomainProof(is_proven=False, records=_records(domain, made.get("DkimAttributes", {})))

    def _find(self, identity: str) -> dict[str, Any] | None:
        try:
            identity_record = self._ses.get_email_identity(EmailIdentity=identity)
        except self._ses.exceptions.NotFoundException:
            return None
        tags = {tag["Key"]: tag["Value"] for tag in identity_record.get("Tags", [])}
        return {
            "owner": tags.get(SENDER_TAG, ""),
            "status": identity_record.get("VerificationStatus", "FAILED"),
            "dkim": identity_record.get("DkimAttributes", {}),
        }


def _records(domain: str, dkim: dict[str, Any]) -> tuple[DnsRecord, ...]:
    zone = dkim.get("SigningHostedZone") or "dkim.amazonses.com"
    return tuple(
        DnsRecord(name=f"{token}._domainkey.{domain}", type="CNAME", value=f"{token}.{zone}")
        for token in dkim.get("Tokens", [])
    )
