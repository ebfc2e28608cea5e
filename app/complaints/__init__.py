"""What citizens complain of, cannot get done, or propose (投诉建议、办不成事), and the answers (热线工单)."""
