"""A country is in one active programme; versions say who published them and may be withdrawn."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

# Only one programme ever counted: the first that was active. All were for everywhere.
LEAVE_ONE = """
UPDATE trials_programme SET active = false
WHERE active AND countries = '{}' AND id <> (
    SELECT programme.id FROM trials_programme programme
    WHERE programme.active AND programme.countries = '{}'
    ORDER BY NOT EXISTS (
        SELECT 1 FROM trials_programmeversion version WHERE version.programme_id = programme.id
    ), programme.id
    LIMIT 1
)
"""
COUNTRY_ONCE = """
CREATE FUNCTION programme_country_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.active THEN
        RETURN NEW;
    END IF;
    -- Two at once: the second looks after the first is committed.
    PERFORM pg_advisory_xact_lock(hashtextextended('programme-countries', 0));
    IF EXISTS (
        SELECT 1 FROM trials_programme other
        WHERE other.active AND other.id <> NEW.id AND (
            other.countries && NEW.countries
            OR (cardinality(other.countries) = 0 AND cardinality(NEW.countries) = 0)
        )
    ) THEN
        RAISE EXCEPTION 'another active programme is in one of %', NEW.countries
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'programme_country_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER programme_country_once BEFORE INSERT OR UPDATE OF active, countries
    ON trials_programme FOR EACH ROW EXECUTE FUNCTION programme_country_once()
"""
DROP_COUNTRY_ONCE = """
DROP TRIGGER programme_country_once ON trials_programme;
DROP FUNCTION programme_country_once()
"""


class Migration(migrations.Migration):
    """Changes two small tables."""

    dependencies = [
        ("trials", "0007_programme_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="programmeversion",
            name="published_at",
            field=models.DateTimeField(
                db_default=Now(), default=django.utils.timezone.now, verbose_name="published at"
            ),
        ),
        migrations.AddField(
            model_name="programmeversion",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="published by",
            ),
        ),
        migrations.AddField(
            model_name="programmeversion",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
        ),
        migrations.AddField(
            model_name="programmeversion",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="withdrawn by",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_at", None),
                    ("withdrawn_at__lt", models.F("valid_from")),
                    _connector="OR",
                ),
                name="withdrawn_before_it_was_valid",
            ),
        ),
        migrations.RunSQL(
            "UPDATE trials_programmeversion SET published_at = least(valid_from, published_at)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(LEAVE_ONE, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTRY_ONCE, DROP_COUNTRY_ONCE),
    ]
