"""Talking with the courier (快递公司): orders, questions, news; its job owns every repetition."""
