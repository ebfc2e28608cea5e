"""Who saw or changed what, in one chain that shows a changed line (审计留痕)."""
