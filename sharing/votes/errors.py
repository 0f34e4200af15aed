"""Why a vote is not taken."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class VotingClosedError(ConflictError):
    """The owner has ended the voting."""

    code = "voting_closed"


class OwnVoteError(ForbiddenError):
    """The owner of a gallery does not vote on it."""

    code = "own_vote"


class VoteInvalidError(InvalidError):
    """The vote names a frame of another gallery, two favourites, or nothing at all."""

    code = "vote_invalid"


class CommentInvalidError(InvalidError):
    """The comment or the name is too long."""

    code = "comment_invalid"


class VoteFirstError(ForbiddenError):
    """The standing is shown to those who have voted, so that nobody follows the crowd."""

    code = "vote_first"


class PaperSpoiltError(ConflictError):
    """The form is of another browser or another link, too old, or was never asked for."""

    code = "ballot_paper_spoilt"


class VoteMissingError(MissingError):
    """There is no such vote, or it is on somebody else's gallery."""

    code = "vote_not_found"


class ReportMissingError(MissingError):
    """There is no such report of a comment."""

    code = "report_not_found"
