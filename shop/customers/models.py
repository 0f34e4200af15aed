"""Users, who log in by email, and the addresses parcels go to."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.customers.countries import COUNTRIES


class UserManager(BaseUserManager["User"]):
    """Creates users by email address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password she logs in by a code sent to her.

        Raises:
            ValueError: no address was given.
        """
        if not email:
            raise ValueError("A user needs an email address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


# The words of a name and of an e-mail address, each on its own: "anna", "bauer", "post", "example".
PERSON_WORDS = SearchVector(
    Func(
        Concat("name", Value(" "), "email", output_field=models.TextField()),
        Value("@._-+'"),
        Value("      "),
        function="translate",
        output_field=models.TextField(),
    ),
    config="simple",
)


class User(AbstractBaseUser, PermissionsMixin):
    """A customer, an ops person or a manager."""

    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=8, default="en", choices=settings.LANGUAGES
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default=settings.SHOP_TIME_ZONE)
    is_staff = models.BooleanField(_("works in the console"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_an_email_in_any_case"),
        ]
        indexes = [GinIndex(PERSON_WORDS, name="user_by_words")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        """Return what the admin greets its reader by."""
        return str(self)

    @property
    def zone(self) -> ZoneInfo:
        """Her time zone, in which her days are counted."""
        return ZoneInfo(self.time_zone)


class Address(models.Model):
    """Where a parcel goes. Never edited: a change makes a new row and retires the old one."""

    user = models.ForeignKey(
        User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="addresses"
    )
    name = models.CharField(_("name on the parcel"), max_length=120)
    line1 = models.CharField(_("street and number"), max_length=120)
    line2 = models.CharField(_("addition"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=16)
    city = models.CharField(_("city"), max_length=80)
    country = models.CharField(_("country"), max_length=2, help_text="ISO 3166-1 alpha-2")
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    retired_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        indexes = [
            # Whoever else lives there is looked up by it.
            models.Index(fields=["country", "postal_code"], name="address_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.line1}, {self.postal_code} {self.city}, {self.country}"

    @property
    def lines(self) -> list[str]:
        """The address as it stands on a parcel, one line each."""
        town = f"{self.postal_code} {self.city}"
        lines = (self.name, self.line1, self.line2, town, self.country_name)
        return [line for line in lines if line]

    @property
    def country_name(self) -> str:
        """The country in words; its code where it is none that parcels go to."""
        return str(COUNTRIES.get(self.country, self.country))
