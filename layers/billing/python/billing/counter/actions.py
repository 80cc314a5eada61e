"""What happens at the counter, by name (REP-03)."""

from billing.audit.model import Action


class CounterReceiptAction(Action):
    MADE = "counter_receipt.made", "Recibo feito no balcão"
    REVERSED = "counter_receipt.reversed", "Recibo estornado"


class CashSessionAction(Action):
    OPENED = "cash_session.opened", "Caixa aberto"
    RECEIVED = "cash_session.received", "Recebimento no caixa"
    GAVE_BACK = "cash_session.gave_back", "Estorno no caixa"
    WITHDREW = "cash_session.withdrew", "Retirada do caixa"
    CLOSED = "cash_session.closed", "Caixa conferido e fechado"


class AuthorisationAction(Action):
    GIVEN = "authorisation.given", "Autorização dada com usuário e senha"
    USED = "authorisation.used", "Autorização usada"
    REFUSED = "authorisation.refused", "Usuário ou senha de autorizador recusados"
