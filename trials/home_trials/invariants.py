"""What must always be true of trials and the units they hold."""

from shop.foundation.invariants import invariant

invariant(
    4,
    "A trial unit is in at most one open trial",
    """
    SELECT item.unit_id, array_agg(trial.number ORDER BY trial.number) AS trials
    FROM trials_trialitem item
    JOIN trials_trial trial ON trial.id = item.trial_id
    WHERE item.settled_at IS NULL AND trial.closed_at IS NULL
    GROUP BY item.unit_id
    HAVING count(*) > 1
    """,
)
invariant(
    4,
    "A unit on its way is held by one trial, a free one by none",
    """
    SELECT unit.barcode, unit.state, count(item.id) AS held_by
    FROM trials_trialunit unit
    LEFT JOIN trials_trialitem item ON item.unit_id = unit.id AND item.holds_unit
    GROUP BY unit.id
    HAVING count(item.id) > 1
        OR (count(item.id) = 0
            AND unit.state IN ('reserved', 'packed', 'out', 'in_transit_back'))
        OR (count(item.id) > 0 AND unit.state = 'available')
    """,
)
invariant(
    4,
    "A trial that is over has an end and holds no unit",
    """
    SELECT trial.number, trial.state, trial.closed_at, item.unit_id
    FROM trials_trial trial
    LEFT JOIN trials_trialitem item ON item.trial_id = trial.id AND item.holds_unit
    WHERE (trial.state IN ('closed', 'cancelled', 'declined')) <> (trial.closed_at IS NOT NULL)
        OR (trial.closed_at IS NOT NULL AND item.id IS NOT NULL)
    """,
)
invariant(
    4,
    "A trial's state equals its latest move",
    """
    SELECT trial.number, trial.state, latest.to_state AS latest_move
    FROM trials_trial trial
    LEFT JOIN LATERAL (
        SELECT move.to_state
        FROM trials_trialtransition move
        WHERE move.subject_id = trial.id
        ORDER BY move.id DESC
        LIMIT 1
    ) latest ON true
    WHERE trial.state IS DISTINCT FROM latest.to_state
    """,
)
# What is owed for the items stands in trials.returns, which adds its own half.
invariant(
    5,
    "A closed trial has every item settled",
    """
    SELECT trial.number, item.id AS item, item.outcome
    FROM trials_trial trial
    JOIN trials_trialitem item ON item.trial_id = trial.id
    WHERE trial.state = 'closed' AND (item.outcome = 'at_home' OR item.settled_at IS NULL)
    """,
)
invariant(
    9,
    "Every delivered trial is one event of its customer's, and nothing else is",
    """
    SELECT trial.number, trial.delivered_at, event.id AS event
    FROM (SELECT * FROM trials_trial WHERE delivered_at IS NOT NULL) trial
    FULL JOIN (SELECT * FROM shop_event WHERE name = 'trial_delivered') event
        ON event.subject_type = 'trial' AND event.subject_id = trial.id::text
    WHERE trial.id IS NULL OR event.id IS NULL
        OR event.details->>'customer' <> trial.user_id::text
    """,
)
invariant(
    5,
    "What is away of a trial is worth what its frames cost that are not settled",
    """
    SELECT trial.number, trial.away_value, coalesce(sum(item.price), 0) AS away
    FROM trials_trial trial
    LEFT JOIN trials_trialitem item ON item.trial_id = trial.id AND item.settled_at IS NULL
    WHERE trial.state IN ('shipped', 'delivered', 'returning', 'received', 'closed')
    GROUP BY trial.id
    HAVING trial.away_value <> coalesce(sum(item.price), 0)
    """,
)
invariant(
    2,
    "What is paid for a trial is its fee and its deposit, and nothing left the shop unpaid",
    """
    SELECT trial.number, trial.state, payment.state AS payment, payment.amount,
        version.fee + version.deposit AS due, trial.asked_deposit
    FROM shop_payment payment
    JOIN trials_trial trial ON trial.number = payment.reference
    JOIN trials_programmeversion version ON version.id = trial.programme_version_id
    WHERE payment.purpose IN ('trial', 'trial_deposit') AND (
        payment.amount <> CASE payment.purpose
            WHEN 'trial' THEN version.fee + version.deposit ELSE trial.asked_deposit END
        OR (payment.state <> 'succeeded'
            AND trial.state NOT IN ('requested', 'cancelled', 'declined'))
    )
    """,
)
# A worker gives it back after the commit; an hour is enough for that and for a repeat.
invariant(
    2,
    "A trial that is over has given back its deposit but what it paid, or all if it never left",
    """
    SELECT trial.number, trial.state, sum(payment.amount) AS paid,
        sum(payment.refunded) AS refunded, trial.kept_deposit
    FROM shop_payment payment
    JOIN trials_trial trial ON trial.number = payment.reference
    JOIN trials_programmeversion version ON version.id = trial.programme_version_id
    WHERE payment.purpose IN ('trial', 'trial_deposit') AND payment.state = 'succeeded'
        AND trial.closed_at < now() - interval '1 hour'
        -- The bank decides who has it.
        AND payment.dispute NOT IN ('open', 'lost')
    GROUP BY trial.id
    HAVING sum(payment.refunded) < sum(
        CASE WHEN trial.state = 'closed' AND payment.purpose = 'trial' AND NOT trial.never_arrived
            THEN version.deposit ELSE payment.amount END) - trial.kept_deposit
    """,
)
invariant(
    2,
    "The fee of every paid trial is income, unless its box never left or never came",
    """
    SELECT trial.number, trial.state, version.fee, coalesce(sum(entry.amount), 0) AS booked
    FROM shop_payment payment
    JOIN trials_trial trial ON trial.number = payment.reference
    JOIN trials_programmeversion version ON version.id = trial.programme_version_id
    LEFT JOIN shop_ledgertransaction booked ON booked.reference = trial.number
        AND booked.kind IN ('trial_fee', 'trial_fee_back')
    LEFT JOIN shop_ledgerentry entry
        ON entry.transaction_id = booked.id AND entry.account = 'trial_fees'
    WHERE payment.purpose = 'trial' AND payment.state = 'succeeded'
        AND (trial.closed_at IS NULL OR trial.closed_at < now() - interval '1 hour')
    GROUP BY trial.id, version.id
    HAVING coalesce(sum(entry.amount), 0) <> CASE
        WHEN trial.state IN ('cancelled', 'declined') OR (
            trial.state = 'closed' AND (trial.never_arrived OR (trial.delivered_at IS NULL
                AND NOT EXISTS (SELECT FROM trials_trialitem item
                    WHERE item.trial_id = trial.id AND item.outcome <> 'lost')))
        ) THEN 0 ELSE -version.fee END
    """,
)
