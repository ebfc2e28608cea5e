"""What an applicant signs on the phone instead of a paper: the very words, kept for ever (承诺书)."""
