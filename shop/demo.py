"""The demo shop's ground floor: people to log in as, and frames to look at."""

from pathlib import Path
from tempfile import TemporaryDirectory

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from shop.catalogue.drawing.catalogue import draw_missing
from shop.catalogue.models import Frame
from shop.catalogue.services.importing import ImportReport
from shop.catalogue.shopify.parsing import parse_products
from shop.customers.models import User
from shop.customers.roles import MANAGER, OPS, ensure_roles
from shop.customers.services import add_address
from shop.demo_logins import LOGINS
from shop.inventory.intake import import_catalogue

PRODUCTS = Path(__file__).parent / "catalogue" / "demo" / "products.csv"

NAMES = {"customer": "Mia Brandt", "ops": "Ola Nowak", "manager": "Max Lindqvist"}


def ensure_people() -> int:
    """Create the demo's people where they are missing; those who are there stay as they are.

    Returns:
        How many were created.
    """
    ensure_roles()
    known = set(User.objects.values_list("email", flat=True).filter(email__in=_addresses()))
    missing = [each for each in LOGINS if each[1] not in known]
    for role, email, password in missing:
        _create_person(role, email, password)
    return len(missing)


def _addresses() -> list[str]:
    return [email for _role, email, _password in LOGINS]


@transaction.atomic
def _create_person(role: str, email: str, password: str) -> None:
    works_here = role in (OPS, MANAGER)
    user = User.objects.create_user(
        email=email, password=password, name=NAMES[role], is_staff=works_here
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if works_here:
        user.groups.add(Group.objects.get(name=role))
    else:
        add_address(
            user=user,
            name=user.name,
            line1="Lindenstraße 4",
            postal_code="10969",
            city="Berlin",
            country="DE",
        )


def ensure_catalogue() -> ImportReport | None:
    """Draw and import the demo's frames where one is missing.

    Returns:
        What the import did; nothing where all were there.
    """
    text = PRODUCTS.read_bytes().decode("utf-8-sig")
    products = parse_products(text).products
    handles = [product.handle for product in products]
    if Frame.objects.filter(handle__in=handles).count() == len(handles):
        return None
    with TemporaryDirectory(prefix="lorgnette-demo-") as folder:
        draw_missing(products, Path(folder))
        return import_catalogue(text=text, pictures=Path(folder))


def demo_handles() -> list[str]:
    """Return the handles of the demo's frames."""
    return [product.handle for product in parse_products(PRODUCTS.read_text("utf-8-sig")).products]
