"""Handing over what was decided on paper: fetched at a hall or sent by post (送达)."""
