"""What happened and was judged: receipts, sign-ups, events; what each was worth, and why."""
