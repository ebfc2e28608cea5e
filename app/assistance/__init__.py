"""A clerk sits beside the citizen and types for them (帮办专区): with permission, for a time, marked."""
