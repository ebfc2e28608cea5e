"""Photos of earlier cases that a citizen uses again with one tap (材料库): by consent, for a time."""
