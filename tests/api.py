"""A program that speaks to the API with a token of its own."""

import datetime
import json
from typing import Any

from django.test import Client
from django.utils import timezone

from apps.accounts.services import create_token
from apps.records.actors import Actor
from apps.records.api.serializers import api_url


class Api:
    """Requests with the token of a user, bodies and answers in JSON."""

    def __init__(self, user: Any, name: str = "测试程序") -> None:
        expires_on = timezone.localdate() + datetime.timedelta(days=30)
        self.user = user
        self.token, self.value = create_token(
            user, name=name, expires_on=expires_on, by=Actor.system()
        )
        self.client = Client(headers={"authorization": f"Bearer {self.value}"})

    def get(self, address: str, params: Any = None, **more: Any) -> Any:
        return self.client.get(address, params, **more)

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, address, json.dumps(body), "application/json", headers=given
        )

    def post(self, address: str, body: Any, **headers: str) -> Any:
        return self.send("POST", address, body, **headers)

    def patch(self, address: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", address, body, **headers)

    def put(self, address: str, body: Any, **headers: str) -> Any:
        return self.send("PUT", address, body, **headers)

    def delete(self, address: str, **headers: str) -> Any:
        return self.send("DELETE", address, {}, **headers)


def list_url(record_type: Any) -> str:
    return api_url(record_type, "list")


def one_url(record_type: Any, row: Any) -> str:
    return api_url(record_type, "detail", getattr(row, "pk", row))
