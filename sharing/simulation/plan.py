"""How a simulated year goes: how many people there are, and how often what happens."""

from dataclasses import dataclass

# From the day a unit is somebody's until it is on its shelf again.
DAYS_AWAY = 14


@dataclass(frozen=True)
class Plan:
    """One simulated year.

    Attributes:
        customers: how many people may come.
        trials: how many boxes are asked for and granted; who is turned away asks again later.
        days: over how many days they come; what is out then is waited for.
        seed: the same seed plays the same year, in one process.
        processes: how many play it at the same time; more than one meet in the shop's database as
            they happen to, and no two runs are the same.
        variants: how many things can be tried.
        frames_a_box: how many frames a box has at most.
        beat_hours: how often beat's jobs run.
    """

    customers: int = 20_000
    trials: int = 50_000
    days: int = 365
    seed: int = 1
    processes: int = 1
    variants: int = 120
    frames_a_box: int = 5
    beat_hours: int = 6

    # Shares of acts. They are set so that all that goes wrong happens often enough to be seen, not
    # taken from any real shop.
    cancels: float = 0.02
    swaps: float = 0.05
    declines: float = 0.01
    called_off_packed: float = 0.004
    scans_wrong: float = 0.02
    not_on_shelf: float = 0.001
    word_missing: float = 0.05
    word_repeated: float = 0.10
    word_late: float = 0.05
    returned_to_sender: float = 0.004
    sent_back_to_shop: float = 0.003
    lost_on_its_way: float = 0.006
    waits_for_a_frame: float = 0.3
    extends: float = 0.04
    shares: float = 0.30
    friends_vote: float = 0.60
    buys: float = 0.20
    buys_more_after_votes: float = 0.08
    late: float = 0.06
    says_sent_back: float = 0.3
    # She dropped it into a box that is emptied later, and says so.
    scanned_late: float = 0.1
    never_returns: float = 0.012
    keeps_one: float = 0.02
    empty_box: float = 0.002
    damaged: float = 0.01
    to_repair: float = 0.03
    comes_back_after_charge: float = 0.30
    damage_waived: float = 0.3
    # Left for another day.
    damage_thought_over: float = 0.0
    card_fails: float = 0.06
    # Never follows the link by which an email address is confirmed.
    never_confirms: float = 0.05
    # Has the card of others: one who comes again under another name, or a family.
    shares_a_card: float = 0.03
    joins_by_code: float = 0.05

    def units_of(self, nth: int) -> int:
        """Return how many units there are of a variant: most wishes are met and some are not.

        Of what is loved more there are more, as a shop would buy them.

        Args:
            nth: how many variants are loved more than it.
        """
        frames_a_day = self.trials / self.days * 3
        share = (self.variants - nth) / (self.variants * (self.variants + 1) / 2)
        return max(round(frames_a_day * DAYS_AWAY * share), 2)
