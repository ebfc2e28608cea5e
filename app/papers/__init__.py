"""Papers for citizens: blank forms and filled samples, checked, named by their SHA-256 (空白表、示范样本)."""
