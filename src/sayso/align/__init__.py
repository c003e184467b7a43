"""What people think matters, where they differ, which choices flip, and what clarity is worth."""
