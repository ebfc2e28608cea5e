"""Questions about a person's situation and what follows from the answers (情形引导); knows no other room."""
