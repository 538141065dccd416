"""What is used of allauth although it does not document it; nothing else imports from there.

`tests/test_private_apis.py` fails where an upgrade changes one of them.
"""

from allauth.account.internal.flows.login import get_authentication_records, perform_password_login
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from allauth.core.internal import ratelimit
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.core.internal.ratelimit import RateLimitUsage
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.usersessions.internal.flows.sessions import end_sessions

__all__ = [
    "RateLimitUsage",
    "end_sessions",
    "generate_totp_secret",
    "get_authentication_records",
    "get_reauthentication_flows",
    "normalize_user_code",
    "perform_password_login",
    "raise_if_reauthentication_required",
    "ratelimit",
]
