"""Citizens who may act for another citizen (个人授权代办)."""
