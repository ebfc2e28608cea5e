"""Tests of what citizens may know of their own data."""
