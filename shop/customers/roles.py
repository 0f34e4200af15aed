"""Who may do what at work: the groups ``ops`` and ``manager`` and their permissions."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q
from django.db.models.signals import post_migrate
from django.dispatch import receiver

OPS = "ops"
MANAGER = "manager"
FLOORS = ("shop", "trials", "sharing")

# Ops see all rooms; what they do to trials and parcels the services of the console check.
# Money owed and money given back need a permission of their own.
# What was sent to whom is for managers.
OPS_MAY = (Q(codename__startswith="view_") | Q(codename="decide_commentreport")) & ~Q(
    codename__in=(
        "view_scorecard",
        "view_messageitem",
        "view_messagepreference",
        "view_pushsubscription",
    )
)
# What is written down once stays as it was written, for the manager too.
NOBODY_MAY = (
    Q(codename__iregex=r"^(add|change|delete)_\w*(transition|movement|event|eventkey)$")
    | Q(codename__iregex=r"^(add|change|delete)_(ledger\w+|payment|refund|savedcard|cardsetup)$")
    | Q(
        codename__iregex=r"^(add|change|delete)_(message\w+|suppression|pushsubscription|commentreport)$"
    )
    | Q(codename__iregex=r"^(add|change|delete)_(webhookevent|outboxmessage|idempotencyrecord)$")
)


def ensure_roles() -> None:
    """Create the groups with every permission that exists so far; repeating it changes nothing."""
    of_floors = Permission.objects.filter(content_type__app_label__in=FLOORS)
    ops, _ = Group.objects.get_or_create(name=OPS)
    ops.permissions.set(of_floors.filter(OPS_MAY))
    manager, _ = Group.objects.get_or_create(name=MANAGER)
    manager.permissions.set(of_floors.exclude(NOBODY_MAY))


@receiver(post_migrate, dispatch_uid="shop.customers.ensure_roles")
def ensure_roles_after_migrate(
    sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any
) -> None:
    """Bring the groups up to date after each floor's tables were made."""
    if sender.label not in FLOORS or using != DEFAULT_DB_ALIAS:
        return
    # Django makes the permissions by the same signal, but after us.
    create_permissions(sender, verbosity=0, using=using)
    ensure_roles()
