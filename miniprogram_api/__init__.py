"""The citizens' door: JSON for both mini-programs, one file per resource."""
