"""Partner systems that read the city's data under a key of their own (合作单位接口)."""
