"""SQL that makes the shop which ``console_sql`` fills: its people, frames, units and times."""

# Made once. Names repeat as names do: a few are common, most are not.
SHOP = """
CREATE TABLE bench_variant AS
    SELECT row_number() OVER (ORDER BY variant.id) - 1 AS v, variant.id, variant.price
    FROM shop_variant variant;
CREATE UNIQUE INDEX ON bench_variant (v);
INSERT INTO shop_user (password, is_superuser, email, name, language, time_zone, is_staff,
    is_active, date_joined)
SELECT '!', false, lower(first) || '.' || lower(last) || n || '@post.example', first || ' ' || last,
    'de', 'Europe/Berlin', false, true, now() - interval '800 days'
FROM (
    SELECT n, (%(first)s::text[])[1 + floor(power(random(), 2) * %(firsts)s)::int] AS first,
        (%(last)s::text[])[1 + floor(power(random(), 2) * %(lasts)s)::int] AS last
    FROM generate_series(0, %(customers)s - 1) n
) named;
CREATE TABLE bench_person AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS p, id FROM shop_user
    WHERE email LIKE '%%@post.example';
CREATE UNIQUE INDEX ON bench_person (p);
INSERT INTO shop_address (user_id, name, line1, line2, postal_code, city, country, phone,
    created_at)
SELECT person.id, 'Wohnung ' || p, 'Lindenstraße ' || 1 + p %% 180, '',
    lpad((10115 + p %% 80000)::text, 5, '0'), 'Berlin', 'DE', '', now() - interval '800 days'
FROM bench_person person;
INSERT INTO shop_savedcard (user_id, stripe_payment_method_id, brand, last4, exp_month, exp_year,
    fingerprint, created_at)
SELECT person.id, 'pm_bench_' || p, 'visa', lpad((p %% 10000)::text, 4, '0'), 12, 2040,
    'bench' || p, now() - interval '800 days'
FROM bench_person person;
ALTER TABLE bench_person ADD address_id bigint, ADD card_id bigint;
UPDATE bench_person SET address_id = address.id, card_id = card.id
FROM shop_address address JOIN shop_savedcard card ON card.user_id = address.user_id
WHERE address.user_id = bench_person.id;
INSERT INTO trials_trialunit (barcode, variant_id, state, grade, location, uses, created_at)
SELECT code.digits || (10 - code.luhn %% 10) %% 10, variant.id, 'available',
    (ARRAY['A', 'A', 'B', 'C'])[1 + u %% 4], chr(65 + u %% 26) || 1 + u / 26 %% 40, 0,
    now() - interval '800 days'
FROM (
    SELECT u, 'LG' || body AS digits, (
        SELECT sum(CASE WHEN place %% 2 = 1 THEN d ELSE d * 2 - CASE WHEN d > 4 THEN 9 ELSE 0 END
            END)
        FROM (
            SELECT place, substr(body, place, 1)::int AS d FROM generate_series(1, 8) place
        ) digit
    ) AS luhn
    FROM (
        SELECT u, lpad((u * 48611::bigint %% 100000000)::text, 8, '0') AS body
        FROM generate_series(0, %(units)s - 1) u
    ) numbered
) code
JOIN bench_variant variant ON variant.v = code.u %% %(variants)s
ORDER BY u;
CREATE TABLE bench_unit AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS u, id, variant_id FROM trials_trialunit;
CREATE UNIQUE INDEX ON bench_unit (u);
INSERT INTO trials_unitmovement (from_state, to_state, at, reason, subject_id, location, grade)
SELECT '', 'available', created_at, '', id, location, '' FROM trials_trialunit ORDER BY id;
CREATE TABLE bench_staff AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS s, id FROM shop_user WHERE is_staff;
CREATE TABLE bench_trial AS
SELECT n, r, gen_random_uuid() AS id, state, person.id AS user_id, address_id, card_id,
    (%(versions)s::bigint[])[1 + n %% 10 / 9] AS version_id, staff.id AS actor_id,
    'T-' || body || substr(%(alphabet)s, 1 + (
        SELECT sum((place + 1) * (strpos(%(alphabet)s, substr(body, place, 1)) - 1))
        FROM generate_series(1, 6) place)::int %% 31, 1) AS number,
    asked, asked + interval '20 hours' AS packed, asked + interval '60 hours' AS shipped,
    asked + interval '108 hours' AS delivered, asked + interval '240 hours' AS due,
    asked + interval '252 hours' AS sent, asked + interval '300 hours' AS received,
    asked + interval '301 hours' AS closed,
    state IN ('packed', 'shipped', 'delivered', 'returning', 'received', 'closed') AS is_packed,
    state IN ('shipped', 'delivered', 'returning', 'received', 'closed') AS is_shipped,
    state IN ('delivered', 'returning', 'received', 'closed') AS is_delivered,
    state IN ('returning', 'received', 'closed') AS is_sent,
    state IN ('received', 'closed') AS is_received,
    state IN ('closed', 'cancelled', 'declined') AS is_over
FROM (
    SELECT n, %(trials)s - n AS r, now() - (%(trials)s - n) * interval '730 days' / %(trials)s
        - interval '1 minute' AS asked,
        CASE
            WHEN n %% 20 = 3 THEN 'cancelled'
            WHEN n %% 40 = 7 THEN 'declined'
            WHEN %(trials)s - n < %(open)s * 0.06 THEN 'requested'
            WHEN %(trials)s - n < %(open)s * 0.14 THEN 'approved'
            WHEN %(trials)s - n < %(open)s * 0.18 THEN 'packed'
            WHEN %(trials)s - n < %(open)s * 0.30 THEN 'shipped'
            WHEN %(trials)s - n < %(open)s * 0.72 THEN 'delivered'
            WHEN %(trials)s - n < %(open)s * 0.90 THEN 'returning'
            WHEN %(trials)s - n < %(open)s * 0.97 THEN 'received'
            WHEN %(trials)s - n < %(open)s THEN 'returning'
            ELSE 'closed'
        END AS state,
        (SELECT string_agg(substr(%(alphabet)s,
            1 + (mixed / (31::numeric ^ place)::bigint %% 31)::int, 1), '' ORDER BY place)
            FROM generate_series(0, 5) place) AS body
    FROM (SELECT n, n * 500009::bigint %% 887503681 AS mixed
        FROM generate_series(1, %(trials)s) n) counted
) told
JOIN bench_person person ON person.p = told.n * 7::bigint %% %(customers)s
JOIN bench_staff staff ON staff.s = told.n %% %(staff)s;
CREATE INDEX ON bench_trial (n);
CREATE INDEX ON bench_trial (r);
ANALYZE
"""
