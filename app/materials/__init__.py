"""What must be handed in: photos of papers, checked, turned, stripped and encrypted (申请材料)."""
