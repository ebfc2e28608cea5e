"""A citizen's phone (市民的手机): what the mini-program does, over HTTP, and what its owner does."""

import io
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from PIL import Image, ImageDraw

from tests.journeys.conftest import RunningCity
from tests.patience import until


def photo_of(words: str) -> bytes:
    """A photo as a phone takes it: a page with something on it, and where it was taken."""
    page = Image.effect_noise((1600, 1200), 40).convert("RGB")
    draw = ImageDraw.Draw(page)
    draw.rectangle((120, 120, 1480, 1080), fill="white", outline="black", width=6)
    for row in range(12):
        draw.text((200, 180 + 70 * row), f"{words} {row} " * 6, fill="black", font_size=36)
    exif = page.getexif()
    exif[0x0112] = 1
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    page.save(out, "JPEG", quality=88, exif=exif)
    return out.getvalue()


@dataclass
class Phone:
    """One person with one platform."""

    city: RunningCity
    platform: str
    person: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **rest: Any) -> requests.Response:
        """Call the city's API as this person."""
        headers = {**self.headers, **rest.pop("headers", {})}
        if method == "POST":
            headers.setdefault("Idempotency-Key", secrets.token_hex(12))
        return requests.request(method, f"{self.city.url}{path}", headers=headers, timeout=30, **rest)

    def get(self, path: str, **query: Any) -> Any:
        """Read something; it must be there."""
        answer = self.call("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Do something; it must work."""
        answer = self.call("POST", path, json=body or {})
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def sim(self, what: str, **body: Any) -> Any:
        """What the person does on their platform, outside the city's pages."""
        return self.city.sandbox.post(f"/_sim/people/{self.person['person_id']}/{what}", **body)

    def log_in(self) -> Any:
        """Open the mini-program."""
        minted = self.sim(f"{self.platform}/login")
        code = minted["code"] if self.platform == "wechat" else minted["auth_code"]
        session = self.post("/api/v1/sessions", {"platform": self.platform, "code": code})
        self.headers = {"Authorization": f"Bearer {session['access_token']}"}
        return session

    def allow_messages(self, template_key: str, *, times: int = 1) -> None:
        """Tap 允许 in the platform's prompt."""
        template_id = self.template(template_key)
        for _ in range(times):
            self.sim(f"{self.platform}/subscribe", template_id=template_id, result="accept")
            self.post("/api/v1/subscriptions", {"template_key": template_key, "accepted": True})

    def template(self, key: str) -> str:
        """The platform's id of a template."""
        kept = self.city.environment[f"{self.platform.upper()}_TEMPLATES"]
        return str(json.loads(kept)[key])

    def fill_in(self, case: Any, home: str = "cases") -> Any:
        """Fill in the form and photograph each material; of a bundle, each to the case that keeps it."""
        number = case["case_no"] if home == "cases" else case["application_no"]
        own = {
            "applicant_name": "林晓明",
            "id_number": "11010519491231002X",
            "phone": self.person["phone"],
            "address": "示例市台江区示例路1号",
        }
        wanted = {
            found["key"]: found
            for found in case["form_fields"]
            if found["required"] and not found.get("fixed")
        }
        form = {key: own.get(key) or (found["choices"] or ["无"])[0] for key, found in wanted.items()}
        saved = self.call("PATCH", f"/api/v1/{home}/{number}/form", json=form)
        assert saved.status_code == 200, saved.text
        for material in case["materials"]:
            if material["takes_photos"] and not material.get("given_by"):
                self.photograph(material.get("case_no", number), material["material_code"])
        return self.get(f"/api/v1/{home}/{number}")

    def photograph(self, case_no: str, material_code: str) -> Any:
        """Take a photo and hand it in."""
        answer = self.call(
            "POST",
            f"/api/v1/cases/{case_no}/materials/{material_code}/photos",
            files={"photo": ("IMG_0001.jpg", photo_of(material_code), "image/jpeg")},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """What has arrived on the person's phone by one channel."""
        received = self.city.sandbox.get(f"/_sim/people/{self.person['person_id']}/messages")
        listed = received["items"] if isinstance(received, dict) else received
        return [message for message in listed if message["channel"] == channel]


def eventually(look: Callable[[], Any], *, what: str) -> Any:
    """Look again until there is something to see."""
    seen = until(look, every=0.2)
    assert seen, f"{what} did not happen"
    return seen
