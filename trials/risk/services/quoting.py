"""What a box will cost before it is placed: the fee, and all the deposits that come back."""

from collections.abc import Sequence
from dataclasses import dataclass

from djmoney.money import Money

from shop.customers.models import Address, User
from shop.payments.models import SavedCard
from trials.home_trials.models import Trial
from trials.programme.models import ProgrammeVersion
from trials.risk.services.assessing import asked_deposit, judge


@dataclass(frozen=True)
class PlacingCosts:
    """What a customer pays for a box, and what of it comes back.

    Attributes:
        fee: of the programme; stays with the shop.
        deposit: of the programme; paid with the fee.
        asked: the deposit that a rule will ask for besides, by a link; zero where none does.
    """

    fee: Money
    deposit: Money
    asked: Money

    @property
    def due_now(self) -> Money:
        """What is charged as the box is asked for."""
        return self.fee + self.deposit

    @property
    def comes_back(self) -> Money:
        """What goes back to her when all is settled."""
        return self.deposit + self.asked

    @property
    def together(self) -> Money:
        """What she pays in all before the box leaves."""
        return self.due_now + self.asked


def placing_costs(
    *,
    user: User,
    version: ProgrammeVersion,
    address: Address | None,
    card: SavedCard | None,
    prices: Sequence[Money],
) -> PlacingCosts:
    """Return what a box would cost its customer now, all sums beside each other.

    What a rule will ask for is read from the rules of the moment, which decide once the box is
    asked for; with another address or card they may come to something else.

    Args:
        user: who asks.
        version: the terms.
        address: where it goes; nothing where it is not known yet.
        card: which card stands for it; nothing where it is not known yet.
        prices: of the frames in it.
    """
    wish = Trial(user=user, address=address, card=card, programme_version=version)
    asked = asked_deposit(judge(wish, prices=prices))
    return PlacingCosts(version.fee, version.deposit, asked or version.fee * 0)
