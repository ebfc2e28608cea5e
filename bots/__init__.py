"""The chat door: a message in, a reply out; one file per skill. Answers only quote what is published."""
