"""What a city service is and how it may change. No HTTP, no platform, no SDK."""

import gc

# Nearly all that is made while the program starts stays for good: with the usual 700 a quarter of the start
# goes into looking through it for garbage.
gc.set_threshold(50_000, 20)
