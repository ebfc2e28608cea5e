"""What a phone needs before anything else (启动配置): /bootstrap."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from app import settings
from app.settings import Settings
from miniprogram_api import etags
from notifications import prompts
from notifications.drafts import TEMPLATES
from platforms import directory
from platforms.demo import DemoPeople
from web.callers import PUBLIC
from web.door import Door

door = Door("start", __name__, url_prefix="/api/v1")

HOTLINE = "12345"
# The oldest client whose calls this program still answers as that client expects.
MIN_CLIENT = "0.1.0"

_LOGINS = ("wechat", "alipay", "h5", "demo")
_CHANNELS = ("wechat", "alipay")


class TemplateOut(Schema):
    """A message that the platform sends only if asked before; `scenes`: the taps that ask."""

    key = fields.String(metadata={"enum": list(TEMPLATES)})
    title = fields.String()
    template_id = fields.String()
    scenes = fields.List(fields.String(metadata={"enum": list(prompts.SCENES)}))


class TemplatesOut(Schema):
    """The templates by platform."""

    wechat = fields.List(fields.Nested(TemplateOut))
    alipay = fields.List(fields.Nested(TemplateOut))


class PersonaOut(Schema):
    """Somebody one may be in a demonstration; `key` is the code of a login by `demo`."""

    key = fields.String()
    name = fields.String()
    note = fields.String()


class DemoOut(Schema):
    """The stand-ins of the platforms beside this program."""

    personas = fields.List(fields.Nested(PersonaOut), metadata={"description": "empty while they are away"})
    cashier_url = fields.String(
        metadata={
            "description": "opened as a page with ?person=&channel=&invoke=&return=; invoke is the JSON that"
            " POST /payments gave, in base64url without padding"
        }
    )
    phone_url = fields.String()


class BootstrapOut(Schema):
    """The city, what is offered in it, and in a demonstration whom one may be."""

    city_name = fields.String()
    region_code = fields.String()
    hotline = fields.String()
    record_number = fields.String(allow_none=True, metadata={"description": "备案号"})
    min_client = fields.String(metadata={"description": "older clients ask to be updated"})
    login = fields.List(fields.String(metadata={"enum": list(_LOGINS)}))
    pay = fields.List(fields.String(metadata={"enum": list(_CHANNELS)}))
    templates = fields.Nested(TemplatesOut)
    demo = fields.Nested(DemoOut, allow_none=True, metadata={"description": "null in production"})


@door.get("/bootstrap", auth=PUBLIC, gives=BootstrapOut)
def show_start() -> ResponseReturnValue:
    """Show what a phone needs to begin: the city, its templates, ways in (启动配置)."""
    found = settings.current()
    demo = None if found.production else directory.current().demo
    return etags.answer(etags.kept(BootstrapOut().dump(_facts(found, demo))))


def _facts(found: Settings, demo: DemoPeople | None) -> dict[str, Any]:
    logins = (found.wechat.mini_appid, found.alipay.app_id, found.sms.url, demo)
    payees = (found.wechat_pay.mchid, found.alipay.app_id)
    return {
        "city_name": found.city_name,
        "region_code": found.region_code,
        "hotline": HOTLINE,
        "record_number": found.record_number,
        "min_client": MIN_CLIENT,
        "login": [name for name, there in zip(_LOGINS, logins, strict=True) if there],
        "pay": [name for name, there in zip(_CHANNELS, payees, strict=True) if there],
        "templates": prompts.offered(found),
        "demo": None if demo is None else _demo(demo),
    }


def _demo(demo: DemoPeople) -> dict[str, Any]:
    return {
        "personas": demo.people(),
        "cashier_url": f"{demo.address}/cashier",
        "phone_url": f"{demo.address}/phone",
    }
