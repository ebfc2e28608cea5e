"""What a citizen does from their phone while a clerk works (市民在手机上)."""

from typing import Any

from sqlalchemy import create_engine, text

from tests.journeys.phone import Phone, eventually

HALL = "C01"
# Whoever books for tomorrow comes today: the city runs by the real clock, also at night and on holidays.
_SLOT_IS_NOW = """
    UPDATE slots SET starts_at = now(), ends_at = now() + interval '1 hour',
      day = (now() AT TIME ZONE 'Asia/Shanghai')::date
    FROM appointments AS a WHERE a.id = :id AND slots.id = a.slot_id
"""
_VISIT_IS_NOW = """
    UPDATE appointments SET starts_at = s.starts_at, day = s.day
    FROM slots AS s WHERE appointments.id = :id AND s.id = slot_id
"""


def hand_in(citizen: Phone, task_code: str, *, photos: int) -> str:
    """Fill in and hand in a case with so many photos of its first material; its number."""
    case = citizen.fill_in(citizen.post("/api/v1/cases", {"task_code": task_code}))
    first = next(found["material_code"] for found in case["materials"] if found["takes_photos"])
    for _ in range(photos - 1):
        citizen.photograph(case["case_no"], first)
    citizen.post(f"/api/v1/cases/{case['case_no']}/submit")
    return str(case["case_no"])


def book(citizen: Phone, task_code: str) -> Any:
    """A visit that was booked for some day and is today."""
    slots = citizen.get(f"/api/v1/centres/{HALL}/slots", task_code=task_code)["items"]
    free = next(slot["slot_id"] for slot in slots if slot["free"])
    wish = {"centre_id": HALL, "slot_id": free, "task_code": task_code}
    visit_id = citizen.post("/api/v1/appointments", wish)["id"]
    engine = create_engine(citizen.city.environment["DATABASE_URL"])
    with engine.begin() as connection:
        for statement in (_SLOT_IS_NOW, _VISIT_IS_NOW):
            connection.execute(text(statement), {"id": visit_id})
    engine.dispose()
    return citizen.get(f"/api/v1/appointments/{visit_id}")


def pay(citizen: Phone, case_no: str) -> str:
    """Pay what the case costs; the number of the payment."""
    bill = citizen.get(f"/api/v1/cases/{case_no}")["bills"][0]
    started = citizen.post("/api/v1/payments", {"bill_nos": [bill["bill_no"]], "channel": "wechat"})
    citizen.sim("wechat/pay", **started["invoke"])
    address = f"/api/v1/payments/{started['payment_no']}"
    eventually(lambda: citizen.get(address)["state"] == "paid", what="the payment")
    return str(started["payment_no"])


def ask_back(citizen: Phone, payment_no: str) -> str:
    wish = {"reason": "我是低保户，可以免费"}
    return str(citizen.post(f"/api/v1/payments/{payment_no}/refunds", wish)["refund_no"])


def rate_badly(citizen: Phone, case_no: str) -> str:
    comment = "跑了三次才办成"
    citizen.post("/api/v1/evaluations", {"case_no": case_no, "level": 5, "comment": comment})
    return comment


def complain(citizen: Phone, case_no: str) -> str:
    wish = {"kind": "complaint", "case_no": case_no, "text": "窗口让我跑了三次"}
    return str(citizen.post("/api/v1/complaints", wish)["complaint_no"])
