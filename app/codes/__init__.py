"""The one code (一码): a citizen's own code, the codes that hang on walls, and what a scan means."""
