"""What officers see and do, over storage; the pages above it hold no rule and no SQL."""
