"""What must always be true of costs and margins."""

from shop.foundation.invariants import invariant
from trials.economics.lines import ACCOUNTS, ENTRIES, ORDER_DAYS
from trials.returns.services.making import PURPOSES


def _words(values: list[str]) -> str:
    return "ARRAY[" + ", ".join(f"'{value}'" for value in values) + "]::varchar[]"


BOOKED = _words([str(each) for each in ACCOUNTS])
LINES = ENTRIES % {
    "since": "'-infinity'",
    "until": "'infinity'",
    "accounts": BOOKED,
    "order_days": ORDER_DAYS,
    "purposes": _words(list(PURPOSES.values())),
}
SAME = """
SELECT ledger.account, ledger.currency, ledger.amount, lines.amount AS of_lines
FROM (
    SELECT account, amount_currency AS currency, -sum(amount) AS amount
    FROM shop_ledgerentry WHERE account = ANY({booked}) GROUP BY 1, 2
) ledger
LEFT JOIN (
    SELECT account, currency, sum(amount) AS amount FROM ({lines}) entry GROUP BY 1, 2
) lines USING (account, currency)
WHERE lines.amount IS DISTINCT FROM ledger.amount
"""
invariant(
    2,
    "Trials and what belongs to none equal the ledger's accounts",
    SAME.format(booked=BOOKED, lines=LINES),
)
invariant(
    2,
    "A cost names a trial that there is",
    """
    SELECT cost.transaction_id, cost.trial_id FROM trials_trialcost cost
    LEFT JOIN trials_trial trial ON trial.id = cost.trial_id
    WHERE cost.trial_id IS NOT NULL AND trial.id IS NULL
    """,
)
