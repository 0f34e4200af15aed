"""Laws of the database that Django's models cannot state; migrations run these."""

APPEND_ONLY_FUNCTION = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Erasing a person empties the column that names her; nothing else of a row may change.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) || jsonb_build_object(TG_ARGV[0], NULL)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
DROP_APPEND_ONLY_FUNCTION = "DROP FUNCTION append_only()"


def append_only(table: str, *, erasable: str = "") -> tuple[str, str]:
    """Return SQL that refuses changes to a table's rows, and SQL that lifts the ban.

    Args:
        table: its name.
        erasable: the one column that may be emptied.
    """
    return (
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION append_only('{erasable}')",
        f"DROP TRIGGER append_only ON {table}",
    )


LEDGER_BALANCED = """
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM shop_ledgerentry WHERE transaction_id = NEW.transaction_id
        GROUP BY amount_currency HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.transaction_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON shop_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_balanced()
"""
DROP_LEDGER_BALANCED = """
DROP TRIGGER ledger_balanced ON shop_ledgerentry;
DROP FUNCTION ledger_balanced()
"""
