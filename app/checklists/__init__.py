"""One person's list of what to bring (办理清单、一次性告知): made from answers, kept by a number."""
