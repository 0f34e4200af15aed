"""Pictures from addresses that a file names, out in the internet alone (``foundation.remote``)."""

from shop.catalogue.services.pictures import MAX_BYTES
from shop.foundation.errors import GatewayError
from shop.foundation.remote import Judge, NotAnsweredError, ask, is_public


class PictureNotFetchedError(GatewayError):
    """The address gave no picture, or may not be asked for one."""

    code = "picture_not_fetched"


def fetch(url: str, *, may_ask: Judge = is_public) -> bytes:
    """Return what lies at ``url``, at most 20 MB of it.

    Args:
        url: http or https.
        may_ask: judges each address and port the host resolves to.

    Raises:
        PictureNotFetchedError: it may not be asked, does not answer 200, or is too large.
    """
    try:
        answer = ask(url, at_most=MAX_BYTES + 1, may_ask=may_ask)
    except NotAnsweredError as error:
        raise PictureNotFetchedError(str(error)) from error
    if answer.status != 200:
        raise PictureNotFetchedError(f"{url}: answered {answer.status}")
    if len(answer.content) > MAX_BYTES:
        raise PictureNotFetchedError(f"{url}: is over 20 MB")
    return answer.content
