"""Errors people may see."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class AccountBusyError(ConflictError):
    """An account cannot be closed while something of it is under way; ``why`` says what."""

    code = "account_busy"


class NothingChosenError(InvalidError):
    """Nothing to erase was named."""

    code = "nothing_chosen"


class NotConfirmedError(ForbiddenError):
    """It was not shown that it is she herself who asks."""

    code = "not_confirmed"


class ExportMissingError(MissingError):
    """There is no such export, or it is over, or somebody else's."""


class ObjectionMissingError(MissingError):
    """There is no such objection, or it is not this person's to answer."""


class AnswerMissingError(InvalidError):
    """Somebody wants a photo shown and does not say why."""

    code = "answer_missing"


class VoteMissingError(MissingError):
    """This browser has cast no vote here."""
