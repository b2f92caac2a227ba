"""What three rooms or more use; knows none of them."""
