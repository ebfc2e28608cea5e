"""Booking a visit: half-hour slots, places in them, coming and not coming (预约、号源、到场)."""
