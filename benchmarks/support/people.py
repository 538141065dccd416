"""Editors of the sample desk, each with a key of their own."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.support.scratch import Product
from project.embedded.layout import CHECKOUT

MAKE = """
import json, sys
import django
django.setup()
from annotations.models import Desk, Role, Scope, User
from annotations.services.desks import set_member
from annotations.services.keys import make_key
desk = Desk.objects.get(slug=sys.argv[1])
manager = User.objects.get(memberships__desk=desk, memberships__role=Role.MANAGER)
secrets = []
for number in range(int(sys.argv[2])):
    user = User.objects.create_user(f"editor-{number}@bench.example", name=f"Editor {number}")
    set_member(desk=desk, by=manager, user=user, role=Role.EDITOR)
    secrets.append(make_key(desk=desk, by=user, name="Bench", scopes=[Scope.WORK_WRITE])[1])
print(json.dumps(secrets))
"""


def keys_of_people(product: Product, count: int) -> list[str]:
    """The secrets of new keys, one for each of so many new editors."""
    environment = {**product.environment, "DJANGO_SETTINGS_MODULE": "project.settings"}
    done = subprocess.run(
        [sys.executable, "-c", MAKE, product.desk, str(count)],
        cwd=CHECKOUT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    secrets: list[str] = json.loads(done.stdout)
    return secrets
