"""Why a vote is not taken."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError


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
