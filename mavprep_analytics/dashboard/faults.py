"""What a page may refuse, with the HTTP status and the sentence that the visitor reads. Nothing else is told."""


class PageFault(Exception):  # noqa: N818 - an answer to a visitor, not a defect
    """A request that gets a page with a status instead of data.

    Args:
        reason: one sentence without values of other people's data.
    """

    status = 500
    title = "Something went wrong"
    retry_after = 10
    """Seconds until another try may help; told with 429 and 503."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class BadParameter(PageFault):
    """A parameter is malformed or out of range."""

    status = 400
    title = "This address is not right"


class NotSignedIn(PageFault):
    """No login, or a wrong one."""

    status = 401
    title = "Please sign in"


class NotAllowed(PageFault):
    """A login without the right to see this."""

    status = 403
    title = "Not for this login"


class NotFound(PageFault):
    """There is no such thing, or not within what the login may see."""

    status = 404
    title = "Not found"


class TooMany(PageFault):
    """Too many attempts or downloads at once."""

    status = 429
    title = "Too many requests"
    retry_after = 60


class Unavailable(PageFault):
    """The database is down, busy or not set up."""

    status = 503
    title = "The numbers cannot be read right now"
