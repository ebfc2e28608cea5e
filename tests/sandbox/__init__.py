"""The stand-ins, tried from outside: as real processes, over HTTP."""
