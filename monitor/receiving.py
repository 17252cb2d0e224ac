"""What vendors say later."""
