"""What a person agrees to beyond what the matter itself needs (个人信息单独同意)."""
