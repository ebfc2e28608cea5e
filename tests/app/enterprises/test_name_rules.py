import pytest

from app.enterprises import name_rules
from app.enterprises.errors import NameMalformed

GOOD = "示例市榕树下茶馆有限公司"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (f"  {GOOD} ", GOOD),
        ("示例市 榕树下 茶馆有限公司", GOOD),
        ("榕树下茶馆(示例市)有限公司", "榕树下茶馆（示例市）有限公司"),
    ],
)
def test_a_name_is_read_as_it_was_meant(typed: str, name: str) -> None:
    assert name_rules.read(typed) == name


@pytest.mark.parametrize(
    "typed", ["", "   ", "茶馆", "ABC有限公司", "第1茶馆有限公司", "茶馆!有限公司", "长" * 61]
)
def test_what_cannot_be_a_name_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(NameMalformed) as refused:
        name_rules.read(typed)

    assert refused.value.errors
    assert refused.value.errors["name"][0]


def test_a_word_that_is_not_allowed_is_named_with_its_article_and_reason() -> None:
    (found,) = name_rules.refused_words("示例市国务院茶馆有限公司")

    assert found.word == "国务院"
    assert found.basis == "《企业名称登记管理规定》（国务院令第734号）第十一条第三项"
    assert "党政军机关" in found.reason


def test_every_clause_of_the_article_stands_in_the_data() -> None:
    assert [name_rules.refused_word("某", clause=number).basis[-3:] for number in range(1, 10)] == [
        f"第{number}项" for number in "一二三四五六七八九"
    ]


def test_a_clause_the_registry_counts_beyond_ours_is_the_last_one() -> None:
    assert "禁止的其他情形" in name_rules.refused_word("某", clause=99).reason
