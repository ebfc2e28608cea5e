"""What the person at the terminal sees when everything runs."""

import io

import qrcode

from runner.places import Places
from runner.processes import say

# How `demo load` begins the lines that say who may sign in at the console.
SIGN_IN = "sign in: "


def show(places: Places, *, city: list[str]) -> None:
    """Print the addresses, who may sign in at the console, and a QR code of the phone page."""
    phone = f"{places.sandbox_url}/phone?person=lin"
    say("")
    say("一码办 runs. Ctrl-C stops everything.")
    say("")
    say(f"  phone    手机      {phone}")
    say(f"  client   市民端    {places.public_url}/m/")
    say(f"  API      接口文档  {places.public_url}/api/v1/docs")
    say(f"  console  工作台    {places.public_url}/console")
    for line in city:
        if line.startswith(SIGN_IN):
            say(f"                     {line.removeprefix(SIGN_IN)}")
    say("")
    for line in _qr_code(phone).splitlines():
        say(f"  {line}")


def _qr_code(content: str) -> str:
    code = qrcode.QRCode(border=2)
    code.add_data(content)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)  # light on dark, as most terminals are
    return drawn.getvalue()
