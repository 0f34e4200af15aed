"""What can be wrong with the rules of trials."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class NoProgrammeError(ConflictError):
    """No programme is active, so nobody can try anything at home."""

    code = "no_programme"


class NotSentThereError(ConflictError):
    """No programme sends boxes to this country."""

    code = "not_sent_there"


class CountryTakenError(ConflictError):
    """Another active programme sends boxes to the same country."""

    code = "country_taken"


class ProgrammeMissingError(MissingError):
    """There is no such programme, or no such version of it."""

    code = "programme_not_found"


class MayNotPublishError(ForbiddenError):
    """Only a manager sets terms."""

    code = "may_not_publish_terms"


class OvertakenError(ConflictError):
    """Somebody else has published a version since."""

    code = "version_overtaken"


class NotPreviewedError(InvalidError):
    """The terms are not those that a preview has shown."""

    status = 400
    code = "terms_not_previewed"


class NotWithdrawableError(ConflictError):
    """The version is valid already, so trials may name it."""

    code = "not_withdrawable"


class RulesInvalidError(InvalidError):
    """The rules contradict themselves or go beyond what the shop can keep."""

    code = "rules_invalid"


class ProgrammeInvalidError(InvalidError):
    """A programme's name or one of its countries cannot be taken."""

    code = "programme_invalid"


class ProgrammeExistsError(ConflictError):
    """Another programme has the name in addresses."""

    code = "programme_exists"


class MayNotChangeProgrammeError(ForbiddenError):
    """Making and changing programmes needs a permission."""

    code = "may_not_change_programme"
