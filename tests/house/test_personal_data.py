"""Nothing of a person's is kept that nobody thought of.

Each column is exported and erased, or kept for a reason that docs/privacy.md gives.
"""

from django.apps import apps

from shop.foundation.privacy import (
    Scope,
    kept_data,
    personal_columns,
    personal_data,
    uncovered,
)
from tests.house.house import ROOT, furniture

WHAT_TO_DO = (
    "Say in the room's personal_data.py what exports and erases these columns"
    " (register_personal_data), or why they stay (keep_personal_data, not_personal)."
)


def _labels() -> set[str]:
    return {model._meta.label for model in apps.get_models()}


def test_every_column_that_may_name_a_person_is_erased_or_kept_for_a_reason() -> None:
    forgotten = {
        model._meta.label: columns for model in apps.get_models() if (columns := uncovered(model))
    }
    assert forgotten == {}, WHAT_TO_DO


def test_whoever_holds_personal_data_exports_it_and_erases_it() -> None:
    holding = [each for each in personal_data() if each.holds]
    assert len(holding) > 5
    assert [each.name for each in holding if each.export is None] == []
    assert [each.name for each in holding if not each.erase] == []


def test_no_statement_names_a_table_or_column_that_is_not_there() -> None:
    named = [
        (label, column)
        for each in personal_data()
        for label, columns in each.holds.items()
        for column in columns
    ]
    named += [(kept.model, column) for kept in kept_data() for column in kept.columns]
    columns = {model._meta.label: set(personal_columns(model)) for model in apps.get_models()}

    assert {kept.model for kept in kept_data()} - _labels() == set()
    assert [name for name in named if name[1] not in columns.get(name[0], set())] == []


def test_every_statement_has_a_name_of_its_own_and_each_scope_erases_something() -> None:
    names = [each.name for each in personal_data()]

    assert len(names) == len(set(names))
    assert {scope for each in personal_data() for scope in each.erase} == set(Scope)


def test_erasing_goes_from_the_top_of_the_house_down() -> None:
    modules = [name.removesuffix(".personal_data") for name in furniture("personal_data")]
    order = [each.name for each in reversed(personal_data())]

    assert order == [name for name in modules if name in order]


def test_what_is_kept_of_people_stands_in_the_documents() -> None:
    document = (ROOT / "docs" / "privacy.md").read_text()
    kept = {kept.model for kept in kept_data() if kept.personal}
    held = {label for each in personal_data() for label in each.holds}

    assert [label for label in sorted(kept | held) if f"`{label}`" not in document] == []
