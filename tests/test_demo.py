"""The demo district: every area fills its figures."""

import pytest

from apps.core.periods import Period
from apps.metrics.models import Metric
from apps.metrics.selectors import evaluate_all
from apps.records.scope import Scope
from apps.setup import services
from apps.setup.demo import loading

# themes whose metrics all have a figure that is not zero in the last year of the demo
THEMES = ("表彰奖励", "联系服务")


@pytest.mark.django_db
def test_figures_of_the_demo_are_not_empty():
    services.load_pools()
    loading.load(services.ensure_root("云岭区"))

    figures = evaluate_all(Period.year(2022), Scope.everything())

    keys = Metric.objects.filter(theme__in=THEMES).values_list("key", flat=True)
    assert len(keys) >= 28
    assert [key for key in keys if not figures[key].value] == []
