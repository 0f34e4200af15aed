"""A version names no reminder after its last day at home: nobody would be written to on it."""

from django.db import migrations

REMINDED = """
CREATE FUNCTION reminded_while_at_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM unnest(NEW.reminder_days) day WHERE day < 1 OR day > NEW.days_at_home
    ) THEN
        RAISE EXCEPTION 'reminders on %, and days at home are %',
            NEW.reminder_days, NEW.days_at_home
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reminded_while_at_home';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reminded_while_at_home BEFORE INSERT OR UPDATE OF days_at_home, reminder_days
    ON trials_programmeversion FOR EACH ROW EXECUTE FUNCTION reminded_while_at_home()
"""
DROP_REMINDED = """
DROP TRIGGER reminded_while_at_home ON trials_programmeversion;
DROP FUNCTION reminded_while_at_home()
"""


class Migration(migrations.Migration):
    """Makes a trigger, which touches no row: terms that were given stay as they were read."""

    dependencies = [("trials", "0064_her_words_can_be_erased")]

    operations = [migrations.RunSQL(REMINDED, DROP_REMINDED)]
