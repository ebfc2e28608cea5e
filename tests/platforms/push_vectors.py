"""Tencent's own samples of the message envelope, of its Java, Python and C++ libraries and its pages."""

from typing import Any

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

FIXED_RANDOM: dict[str, Any] = {
    "appid": "wxb11529c136998cb6",
    "random": b"aaaabbbbccccdddd",
    "text": "我是中文abcd123",
    "sealed": "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==",
}

GREETING: dict[str, Any] = {
    "token": "QDG6eK",
    "key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    "appid": "wx5823bf96d3bd56c7",
    "moment": 1409659589,
    "query": {
        "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        "timestamp": "1409659589",
        "nonce": "263014780",
        "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
    },
    "echo": "1616140317555161061",
}

PYTHON_SAMPLE: dict[str, Any] = {
    "token": "spamtest",
    "appid": "wx2c2769f8efd9abc2",
    "moment": 1409735669,
    "query": {
        "encrypt_type": "aes",
        "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
        "timestamp": "1409735669",
        "nonce": "1320562132",
    },
    "sealed": (
        "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2"
        "LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6"
        "ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnif"
        "JpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLC"
        "zpu9GhglF2PE="
    ),
}

CPP_SAMPLE: dict[str, Any] = {
    "token": "spamtest",
    "appid": "wx2c2769f8efd9abc2",
    "moment": 1410349438,
    "query": {
        "encrypt_type": "aes",
        "msg_signature": "003fee52ecc56afb46c00b5c7721be87860ce785",
        "timestamp": "1410349438",
        "nonce": "298025754",
    },
    "sealed": (
        "mfBCs65c67CeJw22u4VT2TD73q5H06+ocrAIxswCaeZ/d/Lw0msSZFHY0teqgSYiI1zR2gD2DKrB3TIrmX/liNSDrGqS8jSI/WPeKB5V"
        "Pr7Ezr7gomZAyGCwJSgT1TRFWPfONGJMxuj2nk4faTuspAuVIFQ6SHwZuJBZC7mcJp7Cgr9cUhATQWDbOPaE7ukZBTV2YqyzH+UI2AK+"
        "J1S47cE79k1RX8t0hcTz/O0hlK8DGXKnvYv88qKQcI7z4iaajqHfRVZKBNyOODabs+It+ZfM3dWTeFcPgDbGtIEnpt/EDtuuA/zMvtka"
        "KdHdswPnVZQ+xdwbYr3ldGvfT8HlEYEgkgKaThxTFobVlwzu2ZkXCjicbP3xdr15Iq48ObgzPpqYuZ3IEoyggZDKClquk0u0orMck4GT"
        "F/XyE8yGzc4="
    ),
}

PAGE_SAMPLE: dict[str, Any] = {
    "token": "AAAAA",
    "key": "A" * 43,
    "appid": "wx134c8103faa5a59e",
    "moment": 1715943329,
    "query": {
        "msg_signature": "6c12a4205838198b8fa631b3220723bb07f1015c",
        "timestamp": "1715943329",
        "nonce": "1590219412",
    },
    "sealed": (
        "D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4VtsdvE//1vr7oAbqjDv8Ke"
        "nVp+ajKYpJnyQ4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5DkyuzkhQN8OBqCzFhizGmy0xpM0MEA4agpvE+"
        "RuNO1rhHTtuJB5yltw1FiYzecSXJ+y/D2r81VkRn2eYjh2ltsoyfbDR7Is6ookXIFxTfyeNyeHxMeT4KN5WpCDmSbTcUYrbBUlkGLJ9n"
        "/rU8YOywma6G7aTb7KZKOqCxgfoUlYEZPk4FUL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfUfe6HIoIpRW8mKNBQiY/Jd1svvuskA1wL"
        "ef1RTtzKfMpagSCX/laZINmdnX4zrF6kIaR9P4xQrWXbsTFHTYe0Mg=="
    ),
    "reply": "<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>",
    "reply_random": b"999951349e8ee746",
    "reply_sealed": (
        "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d"
        "6WELwqrGd7jMnV0zv3Zc9Nq7"
    ),
    "reply_timestamp": "1713424427",
    "reply_nonce": "415670741",
    "reply_signature": "03e0812039325c2712ef5f0f980fd14c70d6e307",
}
