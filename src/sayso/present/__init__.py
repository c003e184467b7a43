"""View models to HTML, SVG, text and JSON. No input, no output."""
