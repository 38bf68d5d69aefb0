from apps.records import registry
from apps.records.scope import Scope
from apps.talents.models import Person


def test_form_of_a_filter_set_holds_what_was_given(db):
    filters = registry.of(Person).filters(
        {"sex": ["2"], "education__at_least": ["21"]}, scope=Scope.nothing()
    )

    assert filters.cleaned() == {"sex": ["2"], "education__at_least": ["21"]}
    assert set(filters.form.fields) == {"sex", "education__at_least"}
