"""Text of strangers as a screen, a terminal or a log may show it.

Rule: what a server or a customer wrote goes through here before people read it. Whatever is not a visible character
becomes a space: control characters and line ends that a terminal or a log would obey, marks that turn the direction of
writing, spaces and joiners without width, halves of surrogate pairs. A letter's own marks stay, however many.
"""


def plain(text: str, most: int) -> str:
    """Return at most so many characters of the text, all of them visible or plain spaces."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:most])
