"""Legal notices (公文): numbered, drawn as PDF, listed with the case, checked by whoever holds the paper."""
