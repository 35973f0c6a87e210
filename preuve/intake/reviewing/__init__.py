"""What operators do with doubtful receipts: the queue, clicked words, unfinished corrections."""
