"""Chance for made-up rows: days where mistakes are, owners and review states of every kind."""

from __future__ import annotations

import random
from datetime import date, timedelta

STATES = ["approved"] * 7 + ["draft", "submitted", "returned"]


class Chance:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, *options):
        return self.random.choice(options)

    def day(self, first=2020, last=2023):
        days = (date(last, 12, 31) - date(first, 1, 1)).days
        edges = [date(2022, 1, 1), date(2022, 12, 31), date(2021, 12, 31), date(2023, 1, 1)]
        if self.random.random() < 0.25:
            return self.one(*edges)  # where mistakes are
        return date(first, 1, 1) + timedelta(days=self.random.randint(0, days))

    def end(self, start):
        if self.random.random() < 0.6:
            return None
        return max(start, self.day())


def owned(chance: Chance, units: list, **fields) -> dict:
    return {"owner": chance.one(*units), "state": chance.one(*STATES), **fields}
