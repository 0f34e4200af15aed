"""What can go wrong with bookmarks."""

from shop.foundation.errors import ConflictError, ForbiddenError, InvalidError, MissingError


class BookmarkMissingError(MissingError):
    """There is no such bookmark, or not for this person: one answer for both."""

    code = "bookmark_not_found"


class PersonMissingError(MissingError):
    """There is no such person, or she shows this reader nothing: one answer for both."""

    code = "person_not_found"


class SubjectMissingError(MissingError):
    """What is to be saved is not there, or not for this person."""

    code = "subject_not_found"


class BookmarkInvalidError(InvalidError):
    """A tag, a note or an audience that cannot be taken as it stands."""

    code = "bookmark_invalid"


class BookmarkTwiceError(ConflictError):
    """The same frame is saved for the same people already, in another bookmark."""

    code = "saved_already"


class NothingChosenError(InvalidError):
    """No saved frame was chosen that could be put into a box or a gallery, or too many."""

    code = "nothing_chosen"


class MayNotMergeError(ForbiddenError):
    """Tags are merged by a circle's editors, everywhere by staff."""

    code = "may_not_merge"
