"""The practice workspace: Slack and customers' phones on one page, with the real bot between them."""
