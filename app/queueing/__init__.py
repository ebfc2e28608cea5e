"""The hall's queue (取号叫号) and the waiting list for an earlier place (候补)."""
