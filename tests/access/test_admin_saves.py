"""What the admin saves of a row is what its form changed: the rest may have moved meanwhile."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models import Model
from django.db.models.signals import pre_save
from django.forms import BaseForm, BooleanField, MultiWidget
from django.test import Client

from tests.factories.sharing import open_panel_of
from tests.factories.shop import StockRecordFactory, UserFactory, VariantFactory
from tests.lock_order import outside_the_law
from tests.sharing.referrals.friends import campaign

pytestmark = pytest.mark.django_db
# A row, what somebody else sets of it while the form is saved, and what the form changes.
SAVES: dict[str, tuple[Callable[[], Model], dict[str, Any], dict[str, str]]] = {
    "shop/stockrecord": (StockRecordFactory, {"reserved": 1}, {}),
    "shop/user": (UserFactory, {"language": "de"}, {"name": "Mia"}),
    "shop/frame": (lambda: VariantFactory().frame, {"published": False}, {"name": "Ada"}),
    "sharing/campaign": (campaign, {"promised": 30}, {"name": "Spring"}),
    "sharing/panel": (
        lambda: open_panel_of(UserFactory()),
        {"state": "closed"},
        {"title": "New shapes"},
    ),
}


@pytest.mark.parametrize("model", SAVES)
def test_what_changed_while_a_form_was_saved_stays_as_it_is(client: Client, model: str) -> None:
    make, meanwhile, changes = SAVES[model]
    row = make()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    address = f"/admin/{model}/{row.pk}/change/"
    page = client.get(address).context

    with _set_by_somebody_else(row, meanwhile):
        answer = client.post(address, {**_untouched(_forms(page)), **changes})

    # The stock's page has no form: nothing of it is changed by hand.
    assert answer.status_code == (302 if changes else 403), answer.content.decode()
    saved = type(row)._base_manager.get(pk=row.pk)
    assert {name: getattr(saved, name) for name in changes} == changes
    if changes:
        kept = {name: getattr(saved, name) for name in meanwhile}
        assert {name: getattr(each, "amount", each) for name, each in kept.items()} == meanwhile


@contextmanager
def _set_by_somebody_else(row: Model, values: dict[str, Any]) -> Iterator[None]:
    """Have a row changed after the admin has read it, and before it writes."""

    def change(instance: Model, **kwargs: Any) -> None:
        if instance.pk == row.pk:
            with outside_the_law():
                type(row)._base_manager.filter(pk=row.pk).update(**values)

    pre_save.connect(change, sender=type(row))
    try:
        yield
    finally:
        pre_save.disconnect(change, sender=type(row))


def _forms(page: Any) -> Iterator[BaseForm]:
    """Yield the forms of an admin's page: the row's own, and those of what belongs to it."""
    yield page["adminform"].form
    for inline in page["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.initial_forms


def _untouched(forms: Iterable[BaseForm]) -> dict[str, Any]:
    """Return what a browser sends of forms that nobody has touched."""
    sent: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            widget, value = bound.field.widget, bound.value()
            if isinstance(widget, MultiWidget):
                parts = value if isinstance(value, list) else widget.decompress(value)
                names = [f"{bound.html_name}{each}" for each in widget.widgets_names]
                sent |= {
                    name: "" if each is None else each
                    for name, each in zip(names, parts, strict=True)
                }
            elif isinstance(bound.field, BooleanField):
                sent |= {bound.html_name: "on"} if value else {}
            elif value is not None:
                sent[bound.html_name] = value
    return sent
