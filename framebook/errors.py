"""The one exception that says: what the user gave is at fault, not the program."""


class InputError(ValueError):
    """The user's input is at fault; the message is one sentence that says how."""
