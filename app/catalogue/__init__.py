"""Service items and their guides, themes, search (政务服务事项、办事指南、主题、检索)."""
