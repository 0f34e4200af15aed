"""SQL that fills two years of a large shop: each row as the services would have left it.

``n`` counts trials in the order of time; ``r`` counts them back from the latest, and by it goes how
far each has come. Units go round: five a trial, each again once all others have been out. Every
constraint and trigger is in force while the rows are written.
"""

# Made in slices of some thousand trials, in the order of time, so that a unit's movements are, too.
SLICE = """
CREATE TABLE bench_slice AS SELECT * FROM bench_trial WHERE n BETWEEN %(low)s AND %(high)s;
ANALYZE bench_slice;
INSERT INTO trials_trial (id, number, user_id, programme_version_id, address_id, card_id, state,
    requested_at, pay_by, shipped_at, delivered_at, counted_from, due_at, charge_at,
    next_reminder_at, reminded_at, closed_at, away_value_currency, away_value, channel, link)
SELECT id, number, user_id, version_id, address_id, card_id, state, asked,
    CASE WHEN state = 'requested' AND n %% 8 = 0 THEN asked + interval '3 days' END,
    CASE WHEN is_shipped THEN shipped END, CASE WHEN is_delivered THEN delivered END,
    CASE WHEN is_delivered THEN delivered END, CASE WHEN is_delivered THEN due END,
    CASE WHEN is_delivered THEN due + interval '3 days' END,
    CASE WHEN state = 'delivered' AND due > now() THEN due END,
    CASE WHEN is_delivered AND due < now() AND state <> 'closed' THEN due + interval '1 hour' END,
    CASE WHEN is_over THEN closed END, 'EUR', 0,
    CASE WHEN n %% 5 = 0 THEN 'whatsapp' ELSE '' END, CASE WHEN n %% 5 = 0 THEN 'l' || n ELSE '' END
FROM bench_slice;
CREATE TABLE bench_item AS
SELECT trial.*, gen_random_uuid() AS item_id, unit.id AS unit_id, unit.variant_id, price,
    CASE
        WHEN state = 'closed' AND lot < 20 THEN 'kept'
        WHEN state = 'closed' AND lot < 24 THEN 'lost'
        WHEN state = 'closed' AND lot < 34 OR state = 'received' AND k < 3 AND lot < 100
            THEN 'damaged'
        WHEN state = 'closed' OR state = 'received' AND k < 3 THEN 'returned'
        ELSE 'at_home'
    END AS outcome,
    -- Whether another trial has had the unit since.
    r >= %(units)s / 5 AS again
FROM (SELECT *, (n * 5 + k) * 7919::bigint %% 1000 AS lot, (n * 5 + k) %% %(units)s AS u
    FROM bench_slice, generate_series(0, 4) k) trial
JOIN bench_unit unit USING (u)
JOIN bench_variant variant ON variant.id = unit.variant_id;
INSERT INTO trials_trialitem (id, trial_id, variant_id, unit_id, price_currency, price, packed_at,
    outcome, settled_at, holds_unit)
SELECT item_id, id, variant_id, unit_id, 'EUR', price, CASE WHEN is_packed THEN packed END, outcome,
    CASE WHEN is_over THEN closed WHEN outcome <> 'at_home' THEN received END,
    NOT is_over AND outcome = 'at_home'
FROM bench_item ORDER BY n, k;
UPDATE trials_trial SET away_value = away.value
FROM (
    SELECT id, sum(price) AS value FROM bench_item
    WHERE is_shipped AND NOT is_over AND outcome = 'at_home' GROUP BY id
) away WHERE away.id = trials_trial.id;
INSERT INTO trials_trialtransition (from_state, to_state, at, actor_id, reason, subject_id)
SELECT from_state, to_state, at, actor, '', id FROM (
    SELECT id, moved.* FROM bench_slice, LATERAL (VALUES
        ('', 'requested', asked, NULL::bigint, true),
        ('requested', 'cancelled', closed, actor_id, state = 'cancelled'),
        ('requested', 'declined', closed, actor_id, state = 'declined'),
        ('requested', 'approved', asked + interval '3 hours', actor_id,
            is_packed OR state = 'approved'),
        ('approved', 'packed', packed, actor_id, is_packed),
        ('packed', 'shipped', shipped, actor_id, is_shipped),
        ('shipped', 'delivered', delivered, NULL, is_delivered),
        ('delivered', 'returning', sent, NULL, is_sent),
        ('returning', 'received', received, actor_id, is_received),
        ('received', 'closed', closed, NULL, state = 'closed')
    ) moved (from_state, to_state, at, actor, happened)
    WHERE happened
) move ORDER BY at;
INSERT INTO trials_riskdecision (trial_id, outcome, reasons, rules, made_at)
SELECT id, CASE WHEN n %% 2 = 0 THEN 'review' ELSE 'approve' END,
    CASE WHEN n %% 2 = 0 THEN '[{"kind": "new_customer", "found": 0, "threshold": 1, "days": 180,
        "outcome": "review"}]' ELSE '[]' END::jsonb, '[]', asked
FROM bench_slice;
INSERT INTO trials_unitmovement (from_state, to_state, at, actor_id, reason, subject_id, trial_id,
    location, grade)
SELECT from_state, to_state, at, actor_id, '', unit_id, id, '', '' FROM (
    SELECT unit_id, id, actor_id, moved.* FROM bench_item, LATERAL (VALUES
        ('available', 'reserved', asked, true),
        ('reserved', 'available', closed, state IN ('cancelled', 'declined')),
        ('reserved', 'packed', packed, is_packed),
        ('packed', 'out', shipped, is_shipped),
        ('out', 'in_transit_back', sent, is_sent AND outcome <> 'kept'),
        ('in_transit_back', 'inspection', received, outcome IN ('returned', 'damaged')),
        ('inspection', 'available', received + interval '9 minutes', outcome = 'returned'),
        ('inspection', 'repair', received + interval '9 minutes', outcome = 'damaged'),
        ('repair', 'available', received + interval '2 days', again AND outcome = 'damaged'),
        ('out', 'retired', closed, outcome = 'kept'),
        ('in_transit_back', 'lost', closed, outcome = 'lost'),
        (CASE outcome WHEN 'kept' THEN 'retired' ELSE 'lost' END, 'inspection',
            closed + interval '1 day', again AND outcome IN ('kept', 'lost')),
        ('inspection', 'available', closed + interval '2 days',
            again AND outcome IN ('kept', 'lost'))
    ) moved (from_state, to_state, at, happened) WHERE happened
) move ORDER BY at;
INSERT INTO trials_inspection (item_id, unit_id, finding, grade, note, inspected_by_id, at)
SELECT item_id, unit_id, CASE outcome WHEN 'damaged' THEN 'repair' ELSE 'good' END,
    CASE outcome WHEN 'damaged' THEN 'D' ELSE 'B' END, '', actor_id, received
FROM bench_item WHERE outcome IN ('returned', 'damaged') ORDER BY n, k;
CREATE TABLE bench_parcel AS
SELECT gen_random_uuid() AS id, trial.id AS trial_id, n, packed, actor_id, parcel.*
FROM bench_slice trial, LATERAL (VALUES
    ('outbound', 'LGO' || lpad(n::text, 9, '0'), is_shipped, shipped, is_delivered, delivered),
    ('return', 'LGR' || lpad(n::text, 9, '0'), is_sent, sent, is_received, received)
) parcel (leg, code, went, went_at, arrived, arrived_at)
WHERE is_packed;
INSERT INTO trials_shipment (id, trial_id, leg, carrier, tracking_number, state, created_at,
    labelled_by_id, delivered_at, checked_in_at, carrier_reference, service, label_url,
    refund_state, heard_at)
SELECT id, trial_id, leg, 'built_in', code,
    CASE WHEN arrived THEN 'delivered' WHEN went THEN 'in_transit' ELSE 'labelled' END, packed,
    actor_id, CASE WHEN arrived THEN arrived_at END,
    CASE WHEN arrived AND leg = 'return' THEN arrived_at END, '', '', '', '',
    -- Carriers tell of what is under way every day or two, but for one parcel in ten.
    CASE WHEN arrived THEN arrived_at WHEN NOT went THEN NULL WHEN n %% 10 = 0 THEN went_at
        ELSE greatest(went_at, now() - n %% 3 * interval '1 day') END
FROM bench_parcel;
INSERT INTO trials_trackingevent (shipment_id, carrier_event_id, status, description, occurred_at,
    received_at)
SELECT id, told.status, told.status, 'Noted by the carrier', told.at, told.at
FROM bench_parcel, LATERAL (VALUES
    ('in_transit', went_at, went), ('delivered', arrived_at, arrived)
) told (status, at, happened)
WHERE happened;
DROP TABLE bench_parcel;
INSERT INTO trials_notice (trial_id, kind, subject, at)
SELECT id, 'trial_reminder', 'Your days at home are over', due + interval '1 hour'
FROM bench_slice WHERE is_delivered AND due < now()
    AND (state <> 'closed' OR n %% 10 = 1);
-- What is kept is charged and paid; of what is overdue, a third of the boxes owes one frame.
CREATE TABLE bench_charge AS
SELECT gen_random_uuid() AS id, gen_random_uuid() AS payment_id, id AS trial_id, item_id, user_id,
    card_id, actor_id, price, CASE outcome WHEN 'kept' THEN 'kept' ELSE 'unreturned' END AS purpose,
    outcome = 'kept' AS is_paid,
    CASE outcome WHEN 'kept' THEN received ELSE due + interval '3 days' END AS at
FROM bench_item
WHERE outcome = 'kept' OR k = 4 AND n %% 3 = 0 AND outcome = 'at_home' AND NOT is_over
    AND is_delivered AND due + interval '3 days' < now();
INSERT INTO trials_trialcharge (id, trial_id, item_id, purpose, amount_currency, amount,
    refunded_currency, refunded, refund_due_currency, refund_due, to_decide, state, reason,
    created_at, settled_at)
SELECT id, trial_id, item_id, purpose, 'EUR', price, 'EUR', 0, 'EUR', 0, false,
    CASE WHEN is_paid THEN 'paid' ELSE 'owed' END, '', at, CASE WHEN is_paid THEN at END
FROM bench_charge;
INSERT INTO trials_chargetransition (from_state, to_state, at, reason, subject_id)
SELECT '', 'owed', at, '', id FROM bench_charge;
INSERT INTO trials_chargetransition (from_state, to_state, at, reason, subject_id)
SELECT 'owed', 'paid', at, '', id FROM bench_charge WHERE is_paid;
INSERT INTO trials_chargeattempt (charge_id, number, card_id, due_at, asked_at, refused_at,
    decline_code)
SELECT id, 0, card_id, at, at, CASE WHEN NOT is_paid THEN at END,
    CASE WHEN is_paid THEN '' ELSE 'insufficient_funds' END
FROM bench_charge;
INSERT INTO shop_payment (id, user_id, purpose, reference, amount_currency, amount,
    refunded_currency, refunded, state, off_session, card_id, failure_code, failure_message,
    created_at, settled_at)
SELECT payment_id, user_id, 'kept_frame', id::text, 'EUR', price, 'EUR', 0, 'succeeded', true,
    card_id, '', '', at, at
FROM bench_charge WHERE is_paid;
-- One trial in seven leads to an order of its first frame.
CREATE TABLE bench_order AS
SELECT gen_random_uuid() AS id, gen_random_uuid() AS cart_id, gen_random_uuid() AS payment_id,
    'B-' || lpad(n::text, 7, '0') AS number, user_id, address_id, card_id, variant_id, price,
    due + interval '1 day' AS at
FROM bench_item WHERE k = 0 AND state = 'closed' AND n %% 7 = 0;
INSERT INTO shop_cart (id, user_id, created_at, ordered_at)
SELECT cart_id, user_id, at, at FROM bench_order;
INSERT INTO shop_order (id, number, user_id, cart_id, address_id, state, total_currency, total,
    placed_at, paid_at, channel, link)
SELECT id, number, user_id, cart_id, address_id, 'completed', 'EUR', price, at, at, '', ''
FROM bench_order;
INSERT INTO shop_orderline (order_id, variant_id, name, quantity, unit_price_currency, unit_price,
    origin, note)
SELECT id, variant_id, 'Frame', 1, 'EUR', price, '', '' FROM bench_order;
INSERT INTO shop_payment (id, user_id, purpose, reference, amount_currency, amount,
    refunded_currency, refunded, state, off_session, card_id, failure_code, failure_message,
    created_at, settled_at)
SELECT payment_id, user_id, 'order', number, 'EUR', price, 'EUR', 0, 'succeeded', false, card_id,
    '', '', at, at
FROM bench_order;
-- The ledger: what was paid, both parcels, and of each box its work and its cleaning.
CREATE TABLE bench_booking AS
SELECT nextval(pg_get_serial_sequence('shop_ledgertransaction', 'id')) AS id, booked.*
FROM (
    SELECT 'payment' AS kind, payment_id::text AS reference, at, 'stripe' AS debit,
        'unreturned' AS credit, price AS amount, '' AS order_number, NULL::uuid AS trial_id
    FROM bench_charge WHERE is_paid
    UNION ALL
    SELECT 'payment', payment_id::text, at, 'stripe', 'sales', price, number, NULL
    FROM bench_order
    UNION ALL
    SELECT 'cost_goods', number, at, 'goods', 'inventory', round(price * 0.3, 2), number, NULL
    FROM bench_order
    UNION ALL
    SELECT cost.kind, cost.what || id, cost.at, cost.debit, 'costs_accrued', cost.amount, '', id
    FROM bench_slice, LATERAL (VALUES
        ('cost_shipping', 'out:', packed, 'shipping', 4.19, is_packed),
        ('cost_shipping', 'back:', packed, 'shipping', 3.99, is_packed),
        ('cost_labour', 'work:', packed, 'labour', 5.5, is_packed),
        ('cost_refurbishment', 'clean:', received, 'refurbishment', 3.75, is_received)
    ) cost (kind, what, at, debit, amount, happened)
    WHERE happened
) booked;
INSERT INTO shop_ledgertransaction (id, kind, reference, at)
SELECT id, kind, reference, at FROM bench_booking;
INSERT INTO shop_ledgerentry (transaction_id, account, amount_currency, amount, order_number)
SELECT id, side.account, 'EUR', side.amount, order_number
FROM bench_booking, LATERAL (VALUES (debit, amount), (credit, -amount)) side (account, amount);
INSERT INTO trials_trialcost (transaction_id, trial_id)
SELECT id, trial_id FROM bench_booking WHERE trial_id IS NOT NULL;
INSERT INTO shop_stockreservation (stock_id, reference, quantity, state, created_at)
SELECT stock.id, 'order:' || number, 1, 'consumed', at
FROM bench_order bought JOIN shop_stockrecord stock ON stock.variant_id = bought.variant_id;
CREATE TABLE bench_event AS
SELECT gen_random_uuid() AS id, 'trial_delivered' AS name, delivered AS at, 'trial' AS of,
    id::text AS subject, user_id::text AS customer, NULL::numeric AS amount, '' AS number
FROM bench_slice WHERE is_delivered
UNION ALL
SELECT gen_random_uuid(), 'order_paid', at, 'order', id::text, user_id::text, price, number
FROM bench_order;
INSERT INTO shop_event (id, name, occurred_at, recorded_at, subject_type, subject_id, person_type,
    person_id, channel, link, amount_currency, amount, details)
SELECT id, name, at, at, of, subject, 'customer', customer, '', '',
    CASE WHEN amount > 0 THEN 'EUR' END, amount,
    jsonb_build_object('customer', customer, 'number', number)
FROM bench_event;
INSERT INTO shop_eventkey (key, event_id, occurred_at)
SELECT name || ':' || subject, id, at FROM bench_event;
DROP TABLE bench_event;
DROP TABLE bench_slice;
DROP TABLE bench_item;
DROP TABLE bench_charge;
DROP TABLE bench_order;
DROP TABLE bench_booking
"""

# Once all trials stand: what is made of many of them, and where units came to.
REST = """
UPDATE trials_trialunit SET state = latest.to_state, uses = %(trials)s * 5 / %(units)s
FROM (
    SELECT DISTINCT ON (subject_id) subject_id, to_state FROM trials_unitmovement
    WHERE trial_id IN (SELECT id FROM bench_trial WHERE r <= %(units)s / 5)
    ORDER BY subject_id, id DESC
) latest WHERE latest.subject_id = trials_trialunit.id;
INSERT INTO trials_pickbatch (state, created_at, created_by_id, closed_at)
SELECT CASE WHEN max(r) < %(open)s * 0.12 THEN 'picking' ELSE 'closed' END,
    min(asked) + interval '10 hours', min(actor_id),
    CASE WHEN max(r) >= %(open)s * 0.12 THEN min(packed) END
FROM bench_trial WHERE is_packed OR state = 'approved' AND r > %(open)s * 0.10
GROUP BY n / 30 ORDER BY n / 30;
CREATE TABLE bench_batch AS
SELECT batch.id AS batch_id, batch.state, whole.trial_id, whole.position, actor_id
FROM (SELECT id, state, row_number() OVER (ORDER BY id) AS place FROM trials_pickbatch) batch
JOIN (
    SELECT id AS trial_id, actor_id, dense_rank() OVER (ORDER BY n / 30) AS place,
        row_number() OVER (PARTITION BY n / 30 ORDER BY n) AS position
    FROM bench_trial WHERE is_packed OR state = 'approved' AND r > %(open)s * 0.10
) whole USING (place);
INSERT INTO trials_pickbatchtransition (from_state, to_state, at, reason, subject_id)
SELECT '', 'picking', created_at, '', id FROM trials_pickbatch;
INSERT INTO trials_pickbatchtransition (from_state, to_state, at, reason, subject_id)
SELECT 'picking', 'closed', closed_at, '', id FROM trials_pickbatch WHERE state = 'closed';
INSERT INTO trials_picktote (batch_id, trial_id, position, released)
SELECT batch_id, trial_id, position, false FROM bench_batch ORDER BY batch_id, position;
INSERT INTO trials_pick (tote_id, unit_id, at, by_id)
SELECT tote.id, item.unit_id, trial.asked + interval '12 hours', trial.actor_id
FROM bench_trial trial JOIN trials_picktote tote ON tote.trial_id = trial.id
JOIN trials_trialitem item ON item.trial_id = trial.id
WHERE trial.r < %(open)s * 2 AND is_packed;
INSERT INTO trials_manifest (carrier, state, created_at, created_by_id, closed_at)
SELECT 'built_in', 'closed', day, (SELECT min(id) FROM bench_staff), day + interval '9 hours'
FROM (SELECT DISTINCT date_trunc('day', shipped) AS day FROM bench_trial WHERE is_shipped) days
ORDER BY day;
INSERT INTO trials_manifesttransition (from_state, to_state, at, reason, subject_id)
SELECT move.from_state, move.to_state, created_at, '', id FROM trials_manifest,
    LATERAL (VALUES ('', 'open'), ('open', 'closed')) move (from_state, to_state)
ORDER BY id, move.from_state;
INSERT INTO trials_manifestparcel (manifest_id, shipment_id, added_at, left_out)
SELECT manifest.id, shipment.id, trial.shipped, false
FROM bench_trial trial
JOIN trials_manifest manifest ON manifest.created_at = date_trunc('day', trial.shipped)
JOIN trials_shipment shipment ON shipment.trial_id = trial.id AND shipment.leg = 'outbound'
WHERE is_shipped ORDER BY n;
INSERT INTO trials_claim (id, shipment_id, carrier, state, amount_currency, amount, paid_currency,
    paid, reference, reason, due_on, opened_at)
SELECT gen_random_uuid(), shipment.id, 'built_in',
    CASE WHEN r < %(open)s * 1.5 THEN 'open' ELSE 'paid' END, 'EUR', 100, 'EUR',
    CASE WHEN r < %(open)s * 1.5 THEN 0 ELSE 100 END, '', '', closed::date + 60, closed
FROM bench_trial trial
JOIN trials_shipment shipment ON shipment.trial_id = trial.id AND shipment.leg = 'return'
WHERE trial.state = 'closed' AND n %% 60 = 0;
INSERT INTO trials_claimtransition (from_state, to_state, at, reason, subject_id)
SELECT '', 'open', opened_at, '', id FROM trials_claim;
INSERT INTO trials_claimtransition
    (from_state, to_state, at, reason, subject_id, paid, paid_currency)
SELECT 'open', 'paid', opened_at, '', id, paid, paid_currency
FROM trials_claim WHERE state = 'paid';
INSERT INTO trials_chargeproposal (id, inspection_id, by_terms_currency, by_terms, amount_currency,
    amount, state, told_broken, reason, objection, proposed_at)
SELECT gen_random_uuid(), inspection.id, 'EUR', 50, 'EUR', 50,
    CASE trial.state WHEN 'received' THEN 'proposed' ELSE 'waived' END, false, '', '', received
FROM bench_trial trial
JOIN trials_trialitem item ON item.trial_id = trial.id AND item.outcome = 'damaged'
JOIN trials_inspection inspection ON inspection.item_id = item.id;
INSERT INTO trials_proposaltransition (from_state, to_state, at, reason, subject_id)
SELECT '', 'proposed', proposed_at, '', id FROM trials_chargeproposal;
INSERT INTO trials_proposaltransition (from_state, to_state, at, reason, subject_id)
SELECT 'proposed', 'waived', proposed_at, '', id FROM trials_chargeproposal WHERE state = 'waived';
INSERT INTO trials_customerreport (id, trial_id, item_id, kind, words, told_at, decision, answer,
    decided_at)
SELECT gen_random_uuid(), trial.id, item.id, 'broken', 'A screw is loose', delivered,
    CASE WHEN trial.state = 'delivered' THEN '' ELSE 'accepted' END, '',
    CASE WHEN trial.state <> 'delivered' THEN received END
FROM bench_trial trial
JOIN (SELECT DISTINCT ON (trial_id) id, trial_id FROM trials_trialitem ORDER BY trial_id, id) item
    ON item.trial_id = trial.id
WHERE is_delivered AND n %% 25 = 1;
INSERT INTO trials_boxnote (trial_id, kind, words, at, done_at)
SELECT id, 'surplus', 'A scarf', received,
    CASE WHEN r > %(open)s * 1.5 THEN received + interval '1 day' END
FROM bench_trial WHERE is_received AND n %% 30 = 4;
INSERT INTO trials_waitlistentry (id, variant_id, user_id, state, joined_at, ended_at)
SELECT gen_random_uuid(), variant.id, person.id, 'left', asked, asked + interval '4 days'
FROM bench_trial trial
JOIN bench_variant variant ON variant.v = trial.n %% %(variants)s
JOIN bench_person person ON person.p = trial.n %% %(customers)s
WHERE n %% 20 = 0;
INSERT INTO trials_waitlisttransition (from_state, to_state, at, reason, subject_id)
SELECT '', 'waiting', joined_at, '', id FROM trials_waitlistentry;
INSERT INTO trials_waitlisttransition (from_state, to_state, at, reason, subject_id)
SELECT 'waiting', 'left', ended_at, '', id FROM trials_waitlistentry;
INSERT INTO trials_unitcount (id, location, state, started_at, ended_at)
SELECT gen_random_uuid(), shelf.location, 'finished', now() - shelf.place * interval '17 hours',
    now() - shelf.place * interval '17 hours' + interval '1 hour'
FROM (
    SELECT location, row_number() OVER (ORDER BY location) AS place
    FROM trials_trialunit GROUP BY location
) shelf;
INSERT INTO trials_counttransition (from_state, to_state, at, reason, subject_id)
SELECT '', 'open', started_at, '', id FROM trials_unitcount;
INSERT INTO trials_counttransition (from_state, to_state, at, reason, subject_id)
SELECT 'open', 'finished', ended_at, '', id FROM trials_unitcount;
INSERT INTO trials_countedunit (count_id, unit_id, expected, believed_state, believed_location,
    seen_at, finding, decision, note)
SELECT counted.id, unit.id, true, 'available', unit.location,
    CASE WHEN unit.id %% 50 > 0 THEN counted.started_at END,
    CASE WHEN unit.id %% 50 = 0 THEN 'missing' ELSE '' END, '', ''
FROM trials_unitcount counted JOIN trials_trialunit unit ON unit.location = counted.location;
DROP TABLE bench_batch, bench_trial, bench_unit, bench_person, bench_staff, bench_variant
"""
