"""What a city service is and how it may change. No HTTP, no platform, no SDK."""

import gc

# Python looks for garbage after every 700 new objects unless told otherwise: a quarter of the start of a
# program of which nearly all stays for good, and a fifteenth of the work of requests that leave next to none.
gc.set_threshold(50_000, 20)
