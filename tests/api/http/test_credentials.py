"""Requests without the right to write get their error and change nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from annotations.models import Annotation, ApiKey, Role, Source
from tests import factories
from tests.api.client import as_role, with_secret, work
from tests.api.http.refused import problem, rows, tag, tagging

pytestmark = pytest.mark.django_db


def test_somebody_else_s_desk(source: Source) -> None:
    stranger = as_role(factories.make_desk(), Role.MANAGER)
    before = rows()

    problem(stranger.post(tagging(source), tag()), 404)
    problem(stranger.post(work(source.desk, "sources"), {"title": "T", "text": "A text."}), 404)

    assert rows() == before


def test_a_session_without_its_csrf_token(source: Source) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(factories.member(source.desk, Role.EDITOR))
    before = rows()

    body = problem(client.post(tagging(source), tag()), 403)

    assert "CSRF" in body["detail"]
    assert rows() == before
    page = client.get(f"/desks/{source.desk.slug}/sources/{source.id}/")
    token = client.cookies["csrftoken"].value
    assert page.status_code == 200
    sent = client.post(tagging(source), tag(), headers={"X-CSRFToken": token})
    assert sent.status_code == 201


def test_an_expired_key(source: Source) -> None:
    editor = factories.member(source.desk, Role.EDITOR)
    key, secret = factories.make_key(source.desk, editor)
    then = timezone.now() - timedelta(days=2)
    ApiKey.objects.filter(id=key.id).update(created_at=then, expires_at=then + timedelta(days=1))
    before = rows()

    response = with_secret(secret).post(tagging(source), tag())

    assert "expired" in problem(response, 401)["detail"]
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert rows() == before


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer a\x00b", "Bearer ü", "Basic eA=="])
def test_credentials_that_are_none(source: Source, header: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)

    problem(client.post(tagging(source), tag()), 401)

    assert not Annotation.objects.exists()
