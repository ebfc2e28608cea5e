"""Signatures and contents as published in the tests of Alipay's official Java library."""

PUBLIC_KEY = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjF+gZ86+u9GriNBL3cmr
x7CG3mgsgS6ydJLjzAyACRfBunB3VadxsDhtIJ0t8DQcaDVCkvkL5IOozuSC/B9i
Bw8YtadTLVRGkD9f1+RrcyvXR7/qU2M88RhGvj/DCgFHkYZa7hVYn+r+jhpQ2Y9K
7owVL3/YEO/cxZvV8R05uMw7zZwAaJlPn6JBXYP8HXWAQLp2A4NGKAh6mPELKNcb
9J+P82GvrNf0Km3dj7ELAx349ral+qD1DCEbC3C2g+MHw/++ZEt9EkqR9nWi2YE/
z5B0LKXstUDRiCPQe8Heb6pXdkWhK76L+OP9iZZAGHGS262ZgOuvZMo+jDFM1at6
4wIDAQAB
-----END PUBLIC KEY-----
"""
FIELDS = {"method": "koubei.marketing.data.indicator.query", "app_id": "2019090366875133"}
SHA1_SIGN = (
    "a5NeWetvFNFg5EyjQ8UAxMHlih5kOAv7s33K+J5KBi9Gq2GTMj5EwOScPcHy2HFAMcRvHmc4pM8HG4Mj89OxNwfKPqR27TEMM0Sy"
    "2PdKqL5d5mPdabVtgB82htfcEofiHUdq99AzTyZOFJuj4XIm8cmHr4p4MrUdGOMnLNxvq9tG58ADCRvxmUqx99MbFHm5nmh8xHZ0"
    "oULBzxttMVQRwniY0oZzncJVX8UwdcQWJp+xhXUnRkrx0IU/ZLmLXQHcV2r0flka3KeXY9DthwB/gdomYvTTaPo+Aw8TxG230Q3E"
    "s6AT/QuOujuEGaHzA4oYchWLxTVUzeRcJBRmGzmLXA=="
)
SHA256_SIGN = (
    "NQHIJKRCoCJCUXqzzK8WUtA/58m4/e3NGLutUFxFUD8udlauzRCgCINxDqs3atXrJ8KeSxpf8IU8nrnK7qzCQiYdj2XjfkXDrZll"
    "PEXlrelHitj9qpPqMXlAbP1HArNlBTpaGmq6hwvf/W50O/8kOjPEpmdpFcYZrlR/aA3uwdiOXHGNfd6p2wA7JjHiLQtPXGVm2oLL"
    "p+HDEtdhqxs66Br4bTQZPrQNKJrhqRcqwTzA5ZyDMQK724ECTYBI/+8PEvFCpi4Ny6piO78clFE/bSAuKCdhbivBzWDYkvmQymq0"
    "M86W3usljVENbnOyBatl7/y4f7S53Ht/yBmO/f+gYg=="
)
CHINESE_SIGN = (
    "LhPRG5h6xo8Pk1tFIbiCt2S81S3jvDs5is9yO8uH87kVY0vpnOuxGgauKim9SnFGGxGmhQY4TJSrASlW6NsML2qIaxqsSFTNVUbc"
    "t7MgdBBKqkoORNOq1gpLIymyI+G88qDaodOXkEAtUNYm4I6r1wkJVvdumrmRoHg8GcLpP//3J3hNELIJB2SC5SJ2pe4als+Psmjp"
    "d5xyK/qgDXf2qTmBooA0z673xqxjtd8H1FBlUCnGmTG3ClnGatmfjxIL0HF+PLyrmqzDO8UOjod0Kh2SwxH7zQikhr4VUihQ04Mr"
    "P08nsGKjIPvZFAZiW7dnchVr4I/Tid0cbuthjmoWyw=="
)
# By key: the plain text and what it is sealed to.
AES = {
    "aa4BtZ4tspm2wnXLb1ThQA==": ("test1234567", "ILpoMowjIQjfYMR847rnFQ=="),
    "vEARwBsVE8dBrk0tiaNQtQ==": ("test1234567你好", "Xg5Qdr1jGhRugqAdBHYgl94KzwIqcaA37/dMvR1PeSc="),
}
# The inner text that is signed, in answers that have misled readers which count braces.
SIGNED_TEXTS = [
    '{"code":"10000","msg":"Success","out_trade_no":"20150320010101001","trade_no":"2019062322001446881"}',
    '{"code":"10000","msg":"Success","nested":{"a":1,"b":"2"},"trade_no":"2019062322001446881"}',
    '{"code":"10000","nested":{"a":1,"b":"2","array":["1","2","3"]},"trade_no":"2019062322001446881"}',
    '{"code":"10000","out_trade_no":"201{5}0320010101001{}"}',
    '{"code":"10000","out_{trade}_{no}":"201{5}0320010101001{}"}',
    '{"code":"100}00","msg":"Suc}cess","array":["{1","2"],"trade_no":"2019062{322001446881"}',
    '{"co{de":"100}00","ms}g":"Suc}cess","ne{sted":{"a":1,"array":["{1"]},"trade_no}":"2019{322"}',
    '{"co{de":"100}00","ms}g":"Suc\\"}cess","array":["\\"{1"],"trade_no}":"20\\"19062{322"}',
    '{"code":"10000\\\\",    "msg": "Success",    "\\\\out_trade_no\\\\": "\\\\\\\\2015\\\\\\\\"    }',
    '"eyJjb2RlIjoiMTAwMDAiLCJtc2ciOiJTdWNjZXNzIiwib3V0X3RyYWRlX25vIjoiMjAxNTAzMjAwMTAxMDEwMDEifQ=="',
]
