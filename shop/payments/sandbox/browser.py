"""The pages a customer sees: the card form for browsers without scripts, and 3-D Secure."""

from shop.payments.sandbox.api import Answer, Request
from shop.payments.sandbox.sandbox import Sandbox


def respond(sandbox: Sandbox, request: Request) -> Answer:
    """Answer one page."""
    return Answer(404, b"There is no such page.\n", {"Content-Type": "text/plain; charset=utf-8"})
