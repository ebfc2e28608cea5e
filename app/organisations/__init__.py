"""Companies and who may act for them (企业空间、代办授权)."""
