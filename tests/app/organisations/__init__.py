"""Tests of acting for organisations."""
