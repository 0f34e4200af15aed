"""What a customer says against a charge for damage, and adds to it until somebody decides."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.history import IllegalMoveError
from trials.returns.errors import (
    ObjectionTooLateError,
    ProposalMissingError,
    TooManyObjectionsError,
)
from trials.returns.models.damage import ChargeProposal, FurtherObjection, ProposalTransition
from trials.returns.services.damages import locked_proposal, move_proposal
from trials.returns.services.reasons import said_why
from trials.returns.states import ProposalState

# To an objection so much is added; who has more to say writes a mail.
MOST_FURTHER = 5


def object_to_damage(*, user: User, proposal_id: uuid.UUID, words: str) -> ChargeProposal:
    """Take a customer's word against a charge for damage; nothing is charged until it is answered.

    What she says once she has objected is added to it; the same again changes nothing.

    Args:
        user: the customer.
        proposal_id: what she was told of.
        words: why she does not owe it.

    Raises:
        ProposalMissingError: it is not hers, or she was not told of it.
        ReasonMissingError: she says nothing.
        CardNumberError: the words hold a card number.
        ObjectionTooLateError: her days to answer are over.
        TooManyObjectionsError: she has added ``MOST_FURTHER`` times.
        IllegalMoveError: it is decided.
    """
    words = said_why(words, most=500)
    with transaction.atomic():
        trial, proposal = locked_proposal(proposal_id)
        if trial.user_id != user.pk or proposal.answer_until is None:
            raise ProposalMissingError(_("There is no such proposal."))
        if proposal.state == ProposalState.OBJECTED:
            _say_more(proposal, words, by=user)
            return proposal
        _check_open_to_her(proposal)
        if proposal.answer_until < timezone.now():
            raise ObjectionTooLateError(_("The days to answer are over. Write us a mail."))
        move_proposal(proposal, ProposalState.OBJECTED, by=user, objection=words)
        return proposal


def _say_more(proposal: ChargeProposal, words: str, *, by: User) -> None:
    """Add words to an objection, unless they are among what she said."""
    said = {proposal.objection, *proposal.further.values_list("words", flat=True)}
    if words in said:
        return
    if len(said) > MOST_FURTHER:
        raise TooManyObjectionsError(
            _("We have all you wrote before, and answer it. Write us a mail for more.")
        )
    FurtherObjection.objects.create(proposal=proposal, words=words)
    # Her words can be erased, which those of a history cannot; it tells that she said more.
    ProposalTransition.objects.create(
        subject=proposal, from_state=proposal.state, to_state=proposal.state, actor=by
    )


def _check_open_to_her(proposal: ChargeProposal) -> None:
    """Refuse in words for the customer what is decided: the names of its states are staff's."""
    words = {
        ProposalState.CHARGED: _("%(amount)s is charged for it already. Write us a mail."),
        ProposalState.WAIVED: _("Nothing is charged for it; there is nothing to object to."),
    }.get(ProposalState(proposal.state))
    if words is not None:
        raise IllegalMoveError(words % {"amount": proposal.amount}, state=proposal.state)
