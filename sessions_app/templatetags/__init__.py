"""What templates need to say."""
