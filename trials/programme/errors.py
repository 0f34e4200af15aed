"""What can be wrong with the rules of trials."""

from shop.foundation.errors import ConflictError, InvalidError


class NoProgrammeError(ConflictError):
    """No programme is active, so nobody can try anything at home."""

    code = "no_programme"


class RulesInvalidError(InvalidError):
    """The rules contradict themselves or go beyond what the shop can keep."""

    code = "rules_invalid"
