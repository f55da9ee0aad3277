"""Two outlets, two dates, or two versions of an article, side by side on a page."""
