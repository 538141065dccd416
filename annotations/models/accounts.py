"""People who sign in, by e-mail address."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from annotations.models.identity import new_id
from annotations.models.names import IsNameOfPerson


class UserManager(BaseUserManager["User"]):
    def create_user(
        self,
        email: str,
        password: str | None = None,
        *,
        email_confirmed: bool = True,
        **fields: Any,
    ) -> User:
        """An account made by who runs the site, which vouches for the address.

        Say `email_confirmed=False` where the address was typed by the person and not proved.
        """
        user = self.model(email=email.strip().lower(), email_confirmed=email_confirmed, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def by_address(self, address: str) -> User | None:
        """The account that has confirmed this address; others do not count."""
        return self.filter(email__iexact=address.strip(), email_confirmed=True).first()

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class Theme(models.TextChoices):
    AUTO = "", "As the system says"
    LIGHT = "light", "Light"
    DARK = "dark", "Dark"


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Also what people sign in with. allauth's EmailAddress is kept equal to it by the database.
    email = models.EmailField()
    email_confirmed = models.BooleanField(
        default=False, help_text="Proved by a mail to it, or vouched for by who runs the site."
    )
    name = models.CharField(max_length=120, help_text="As colleagues and readers see it.")
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    sign_outs = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How often all sessions were ended; they are tied to it."
    )
    password_links = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How many were made; only the newest counts."
    )
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    language = models.CharField(
        max_length=12,
        blank=True,
        default="",
        db_default="",
        help_text="Of dates (BCP 47); empty for the browser's.",
    )
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="IANA name; empty for the browser's.",
    )
    theme = models.CharField(
        max_length=5, blank=True, choices=Theme.choices, default=Theme.AUTO, db_default=""
    )

    # Whether the site's rule asks for a second factor that the person has not set up. Known only of
    # the person of a session: API keys are not concerned.
    owes_factor: bool = False

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email"),
            models.CheckConstraint(condition=IsNameOfPerson("name"), name="person_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(theme__in=Theme.values), name="theme_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(is_active=False),
                name="a_closed_account_signs_in_no_more",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, which follows from the password, and from how often all sessions were ended."""
        tied = f"{self.password} {self.sign_outs}" if self.sign_outs else self.password
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, tied, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_administrator(self) -> bool:
        """Runs the site: people, desks, jobs, health; reads no desk without being a member."""
        return self.is_staff


class NewNames(models.Model):
    """How often anybody was given another name, which is no event of a desk; a trigger counts."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="new_names_are_counted_once")
        ]

    def __str__(self) -> str:
        return str(self.count)
