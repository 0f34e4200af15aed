"""Why a customer called her trial off can be erased; all else of a history stays as it was."""

from django.db import migrations

# Asked of changes alone, which are erasings; rows that are added pass by.
FUNCTION = """
CREATE OR REPLACE FUNCTION append_only_but_her_words() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = before || '{"actor_id": null}' THEN
        RETURN NEW;
    END IF;
    -- Words are hers where she moved it whose trial it is; what staff and the shop said is not.
    IF TG_OP = 'UPDATE' AND OLD.reason <> '' AND to_jsonb(NEW) = before || '{"reason": ""}'
        AND EXISTS (
            SELECT 1 FROM trials_trial trial
            WHERE trial.id = (before ->> TG_ARGV[0])::uuid AND trial.user_id = OLD.actor_id
        )
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
DROP_FUNCTION = "DROP FUNCTION append_only_but_her_words()"
TRIAL_OF = {"trials_trialtransition": "subject_id", "trials_unitmovement": "trial_id"}


def _trigger(table: str, function: str) -> str:
    """Return SQL that sets the law of a table's history in one step: there is no gap in it."""
    return (
        f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {function}"
    )


class Migration(migrations.Migration):
    """Changes triggers, which touches no row.

    Each table by itself: in one transaction, work that writes to both would wait crosswise. All of
    it may be run again.
    """

    atomic = False
    dependencies = [("trials", "0063_late_fee_kept_from")]

    operations = [
        migrations.RunSQL(FUNCTION, DROP_FUNCTION),
        *(
            migrations.RunSQL(
                _trigger(table, f"append_only_but_her_words('{trial}')"),
                _trigger(table, "append_only('actor_id')"),
            )
            for table, trial in TRIAL_OF.items()
        ),
    ]
