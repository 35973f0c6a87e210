"""Many receipts at once: lists, full text, figures, exports."""
