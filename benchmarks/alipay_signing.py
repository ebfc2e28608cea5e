"""Our Alipay signer against the SDK's own sign_with_rsa2, over the same requests and the same 2048-bit key.

Every signature is first compared with the SDK's, byte by byte: a faster wrong one is worth nothing.
"""

import itertools
import sys
from collections.abc import Callable

from alipay.aop.api.util.SignatureUtils import sign_with_rsa2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from benchmarks.ratios import measure, report
from platforms.alipay_signing import Signer

FLOOR = 50.0
SAMPLES = 25
CONTENT = (
    'app_id=2021000000000001&biz_content={{"out_trade_no":"YM{number}","subject":"不动产登记费",'
    '"total_amount":"80.00"}}&charset=utf-8&format=json&method=alipay.trade.create&sign_type=RSA2'
    "&timestamp=2025-06-01 09:00:00&version=1.0"
)


def pem(key: RSAPrivateKey, form: serialization.PrivateFormat) -> str:
    """The key as text; the SDK reads PKCS#1 only."""
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def over(contents: list[str], sign: Callable[[str], str]) -> Callable[[], str]:
    """Signing one request after the other, round and round."""
    endless = itertools.cycle(contents)
    return lambda: sign(next(endless))


def main() -> int:
    """Compare, measure, and say whether the floor is reached."""
    key = generate_private_key(65537, 2048)
    signer = Signer(pem(key, serialization.PrivateFormat.PKCS8))
    their_key = pem(key, serialization.PrivateFormat.TraditionalOpenSSL)
    contents = [CONTENT.format(number=number) for number in range(SAMPLES)]

    def ours(content: str) -> str:
        return signer.sign(content.encode())

    def theirs(content: str) -> str:
        return str(sign_with_rsa2(their_key, content, "utf-8"))

    if any(ours(content) != theirs(content) for content in contents):
        print("our signatures differ from the SDK's")
        return 1
    sides = {"sdk": over(contents, theirs), "ours": over(contents, ours)}
    ratios = measure(sides, against="sdk")
    title = f"Alipay signing ({SAMPLES} signatures byte-equal) / the SDK's own"
    return 0 if report(title, ratios["ours"], floor=FLOOR) else 1


if __name__ == "__main__":
    sys.exit(main())
