"""What a public desk approved, for everybody to read: nothing here asks who reads."""
