"""What Tagwise knows and does: Meta's rules, drafts, deliveries and the Send API."""
