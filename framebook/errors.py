"""The errors that carry one sentence for the user."""


class InputError(ValueError):
    """The user's input is at fault; the message is one sentence that says how."""


class ChapterError(RuntimeError):
    """A chapter failed; the message is one sentence that names it, the cell and the reason."""
