"""Templates and messages over HTTP (MSG-01, MSG-02, MSG-04)."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from billing.access.model import Permission
from billing.audit.history import History, Recorded
from billing.core.entity import Entity
from billing.core.names import with_names
from billing.core.page import Page, part_of
from billing.core.period import Day
from billing.core.text import Id
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.dispatch import mass, service, store
from billing.dispatch.mass import DispatchPreview
from billing.dispatch.model import DispatchRequest, Message
from billing.dispatch.sent_content import SentContent, sent_content
from billing.dispatch.service import MessageDraft, MessagePreview, NewMessage
from billing.dispatch.templates import MassPurpose, MessagePurpose, NewTemplate, Template
from billing.dispatch.wildcards import TemplateKind, Wildcard, wildcards
from billing.entry import wiring
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor
from billing.entry.launching import relaunch
from billing.entry.postroom import postman
from billing.members import store as members
from billing.runs import store as runs
from billing.runs.model import Run

api = Api("dispatch", relaunch)
handler = api.handle
TEMPLATES = ["Modelos de mensagem"]
MESSAGES = ["Mensagens"]


class WildcardList(Entity):
    """Os coringas que um modelo deste tipo aceita."""

    kind: TemplateKind
    label: str
    wildcards: tuple[Wildcard, ...]


@api.get("/message-wildcards", summary="Lista os coringas de cada tipo de envio", tags=TEMPLATES)
def list_message_wildcards() -> Page[WildcardList]:
    api.call(Permission.DISPATCH_READ)
    lists = [WildcardList(kind=kind, label=kind.label, wildcards=wildcards(kind)) for kind in TemplateKind]
    return Page[WildcardList](items=tuple(lists))


@api.get("/message-templates", summary="Lista os modelos de mensagem", tags=TEMPLATES)
def list_message_templates(cursor: ListCursor = None) -> Page[Template]:
    call = api.call(Permission.DISPATCH_READ)
    part, following = part_of(f"{call.tenant_id}#templates", list(store.templates(call.tenant_id)), cursor)
    return Page[Template](items=part, next_cursor=following)


@api.post("/message-templates", status_code=201, summary="Cria um modelo de mensagem", tags=TEMPLATES)
def add_message_template(template: NewTemplate) -> Template:
    call = api.call(Permission.DISPATCH_CONFIGURE)
    return service.add_template(call, template)


@api.get("/message-templates/<template_id>", summary="Lê um modelo de mensagem", tags=TEMPLATES)
def get_message_template(template_id: str) -> Template:
    call = api.call(Permission.DISPATCH_READ)
    return store.get_template(call.tenant_id, template_id)


@api.get(
    "/message-templates/<template_id>/history",
    summary="Tudo o que aconteceu com um modelo de mensagem",
    tags=TEMPLATES,
)
def get_template_history(template_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.DISPATCH_READ)
    template = store.get_template(call.tenant_id, template_id)
    return history_page(call, Recorded.of(template, store.template_row(call.tenant_id, template)), cursor)


@api.put("/message-templates/<template_id>", summary="Altera um modelo de mensagem", tags=TEMPLATES)
def change_message_template(template_id: str, template: NewTemplate) -> Template:
    call = api.call(Permission.DISPATCH_CONFIGURE)
    return service.change_template(call, template_id, api.if_match, template)


@api.delete("/message-templates/<template_id>", summary="Exclui um modelo de mensagem", tags=TEMPLATES)
def remove_message_template(template_id: str) -> Template:
    call = api.call(Permission.DISPATCH_CONFIGURE)
    return service.remove_template(call, template_id, api.if_match)


@api.post(
    "/customers/<customer_id>/messages/preview",
    summary="Mostra a mensagem como este cliente a receberia; nada é enviado",
    tags=MESSAGES,
)
def preview_message(customer_id: str, preview: MessagePreview) -> MessageDraft:
    call = api.call(Permission.DISPATCH_READ)
    return service.preview(call, customer_id, preview)


@api.post(
    "/customers/<customer_id>/messages",
    status_code=201,
    summary="Envia uma mensagem ao cliente, com faturas anexas se pedido",
    tags=MESSAGES,
)
def send_message(customer_id: str, message: NewMessage) -> Message:
    call = api.call(Permission.DISPATCH_SEND)
    if message.save_as_template is not None:
        call.require(Permission.DISPATCH_CONFIGURE)
    return service.send_to(call, postman(), customer_id, message)


@api.get("/customers/<customer_id>/messages", summary="Lista as mensagens enviadas ao cliente", tags=MESSAGES)
def list_customer_messages(customer_id: str, cursor: ListCursor = None) -> Page[Message]:
    call = api.call(Permission.DISPATCH_READ)
    this = f"{call.tenant_id}#messages#{customer_id}"
    part, following = part_of(this, list(service.messages_of(call, customer_id)), cursor)
    page = Page[Message](items=part, next_cursor=following)
    sources = customers.NAMES, companies.NAMES, members.NAMES, runs.NAMES, store.NAMES
    return with_names(call.tenant_id, page, *sources)


@api.get("/customers/<customer_id>/messages/<message_id>", summary="Lê uma mensagem", tags=MESSAGES)
def get_message(customer_id: str, message_id: str) -> Message:
    call = api.call(Permission.DISPATCH_READ)
    return service.message_of(call, customer_id, message_id)


@api.get(
    "/customers/<customer_id>/messages/<message_id>/content",
    summary="O que foi enviado: o texto, os nomes dos anexos, e o endereço do arquivo inteiro (.eml ou .txt)",
    tags=MESSAGES,
)
def get_message_content(customer_id: str, message_id: str) -> SentContent:
    call = api.call(Permission.DISPATCH_READ)
    return sent_content(wiring.files(), service.message_of(call, customer_id, message_id))


@api.get(
    "/companies/<company_id>/dispatch-preview",
    summary="Prévia do envio em massa: quantas mensagens sairiam e o que ficaria de fora",
    tags=MESSAGES,
)
def preview_dispatch(
    company_id: str,
    due_from: Annotated[Day, Query(description="Primeiro vencimento, inclusive.")],
    due_to: Annotated[Day, Query(description="Último vencimento, inclusive.")],
    purpose: MassPurpose = MessagePurpose.INVOICE_ISSUED,
    email_template_id: Annotated[Id | None, Query(description="Modelo de e-mail.")] = None,
    sms_template_id: Annotated[Id | None, Query(description="Modelo de SMS.")] = None,
    every_channel: Annotated[bool, Query(description="Por todos os canais que o cliente aceita.")] = False,
) -> DispatchPreview:
    call = api.call(Permission.DISPATCH_SEND)
    request = DispatchRequest(
        company_id=company_id,
        due_from=due_from,
        due_to=due_to,
        purpose=purpose,
        email_template_id=email_template_id,
        sms_template_id=sms_template_id,
        every_channel=every_channel,
    )
    return mass.preview(call, postman(), service.checked(call, request))


@api.post("/runs/dispatches", status_code=202, summary="Envia as faturas aos clientes", tags=["Execuções"])
def start_dispatch(request: DispatchRequest) -> Run:
    call = api.call(Permission.RUNS_START, Permission.DISPATCH_SEND)
    return service.start_dispatch(call, wiring.processes(), request)
