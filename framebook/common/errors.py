"""The errors that carry one sentence for the user."""


def show(text):
    """Return a text with its control characters, and others that print as nothing, escaped."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class InputError(ValueError):
    """The user's input is at fault; the message is one sentence that says how."""


class ChapterError(RuntimeError):
    """A chapter failed; the message is one sentence that names it, the cell and the reason."""
