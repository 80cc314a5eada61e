"""Ask for someone else's user and password, and record that the authorisation was given or refused (PAY-02, PAY-04)."""

from typing import NoReturn

from billing.access.call import Call
from billing.audit.changes import Changes, trying_again
from billing.core.errors import Refusal, Refused
from billing.core.ids import new_id
from billing.counter import store
from billing.counter.actions import AuthorisationAction
from billing.counter.authorisation import (
    MOST_TRIES,
    VALID_FOR,
    Attempts,
    Authorisation,
    AuthorisationPurpose,
    AuthorisationRequest,
)
from billing.customers import store as customers
from billing.members import store as members
from billing.members.directory import Passwords
from billing.members.store import Standing


def authorise(call: Call, passwords: Passwords, request: AuthorisationRequest) -> Authorisation:
    """Authorise the operator who asks, and count their wrong attempts. The answer is not stored for a repeat of the
    request, because a hash computed from the password would be stored with it.

    Raises NotFound for the customer; Refused for a wrong user or password, with the same message whichever is wrong,
    and for an authoriser without the permission.
    """
    customers.get(call.tenant_id, request.customer_id)
    attempts = trying_again(call, lambda: _take_try(call))
    authoriser = _authoriser(call, passwords, request)
    if authoriser is None:
        trying_again(call, lambda: _note_refusal(call))
        _refuse(call, attempts)
    _require_allowed(authoriser, request.purpose)
    given = Authorisation(
        id=new_id("aut"),
        purpose=request.purpose,
        customer_id=request.customer_id,
        authoriser_id=authoriser.member.user_id,
        authoriser_name=authoriser.member.name,
        operator_id=call.actor_id,
        expires_at=call.now + VALID_FOR,
    )
    changes = Changes(call)
    changes.put(store.authorisation_row(call.tenant_id, given), AuthorisationAction.GIVEN)
    changes.commit()
    trying_again(call, lambda: _clear(call))
    return given


def use(
    call: Call,
    changes: Changes,
    authorisation_id: str,
    purpose: AuthorisationPurpose,
    *,
    customer_id: str,
    company_id: str,
    receipt_id: str,
) -> Authorisation:
    """Use up the authorisation with the receipt. Also raises Refused if the authoriser has since lost the right, or
    does not work for the company."""
    before = store.get_authorisation(call.tenant_id, call.actor_id, authorisation_id)
    after = before.used(purpose, customer_id, receipt_id, call.now)
    authoriser = members.find_standing(call.tenant_id, before.authoriser_id)
    if authoriser is None:
        raise Refused("authorisation.over", "Quem autorizou não tem mais acesso.")
    _require_allowed(authoriser, purpose)
    if not authoriser.member.scope.includes(company_id):
        raise Refused(
            "authorisation.company", f"{authoriser.member.name} não atende a empresa destas faturas."
        )
    row = store.authorisation_row(call.tenant_id, after)
    changes.put(row, AuthorisationAction.USED, before=before, after=after)
    return after


def _authoriser(call: Call, passwords: Passwords, request: AuthorisationRequest) -> Standing | None:
    """The member with this user and password; None if they are wrong, or are not those of a member of the tenant."""
    user_id = passwords.owner_of(request.email, request.password.get_secret_value())
    return None if user_id is None else members.find_standing(call.tenant_id, user_id)


def _take_try(call: Call) -> Attempts:
    """Counted before the password is checked, so that five requests at most get through, even if more come at once.
    Raises Refused if no attempt is left."""
    before = store.attempts_of(call.tenant_id, call.actor_id)
    before.require_free(call.now)
    return _keep(call, before.with_failure(call.now))


def _note_refusal(call: Call) -> Attempts:
    changes, kept = Changes(call), store.attempts_of(call.tenant_id, call.actor_id)
    changes.put(store.attempts_row(call.tenant_id, call.actor_id, kept), AuthorisationAction.REFUSED)
    changes.commit()
    return kept


def _clear(call: Call) -> Attempts:
    return _keep(call, store.attempts_of(call.tenant_id, call.actor_id).cleared())


def _keep(call: Call, attempts: Attempts) -> Attempts:
    changes = Changes(call)
    changes.include(store.attempts_row(call.tenant_id, call.actor_id, attempts))
    changes.commit()
    return attempts


def _refuse(call: Call, attempts: Attempts) -> NoReturn:
    attempts.require_free(call.now)  # after the fifth attempt, says how long to wait
    left = MOST_TRIES - attempts.failed
    message = f"Usuário ou senha do autorizador não conferem. Restam {left} tentativas."
    raise Refused.because([Refusal("authorisation.wrong", message, field="password")])


def _require_allowed(authoriser: Standing, purpose: AuthorisationPurpose) -> None:
    if purpose.permission not in authoriser.permissions:
        message = f"O perfil de {authoriser.member.name} não permite {purpose.permission.label}."
        raise Refused.because([Refusal("authorisation.not_allowed", message, field="email")])
