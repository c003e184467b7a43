"""What a round says, one section a module; nothing in here tells who said what."""
