import dataclasses
from pathlib import Path

import pytest

import platform_clients
from app import settings
from app.settings import Settings, UnsafeSettingError
from web.flask_app import YimaFlask


@pytest.fixture
def found(app: YimaFlask, environment: dict[str, str]) -> Settings:
    del app
    return settings.read(environment)


@pytest.mark.parametrize("path", [Path(), Path("/no/such/key.pem")])
def test_a_missing_key_file_is_named_by_its_setting(found: Settings, path: Path) -> None:
    pay = dataclasses.replace(found.wechat_pay, private_key_file=path)

    with pytest.raises(UnsafeSettingError, match="WECHAT_PAY_PRIVATE_KEY_FILE must name a readable key file"):
        platform_clients.build(dataclasses.replace(found, wechat_pay=pay))


def test_a_key_file_without_a_key_is_named_by_its_platform(found: Settings, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("no key at all")
    alipay = dataclasses.replace(found.alipay, private_key_file=empty)

    with pytest.raises(UnsafeSettingError, match="ALIPAY_"):
        platform_clients.build(dataclasses.replace(found, alipay=alipay))


def test_a_push_key_of_the_wrong_shape_is_named(found: Settings) -> None:
    wechat = dataclasses.replace(found.wechat, oa_aes_key="short")

    with pytest.raises(UnsafeSettingError, match="WECHAT_OA_AES_KEY"):
        platform_clients.build(dataclasses.replace(found, wechat=wechat))
