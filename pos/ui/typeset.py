"""Words made to fit a box: wrapped, then one step smaller, then with an ellipsis.

Rule: no Tk; widths come from the caller. What comes out is never wider or higher than the box.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

LINE: Final = 1.3
"""From one baseline to the next, in font sizes."""

ASCENT: Final = 0.86
DESCENT: Final = 0.24
"""How far ink reaches above and below the baseline, in font sizes: kanji above, g and y below."""

ELLIPSIS: Final = "…"

_NOT_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー」』）］｝〕〉》】〙〗”’ぁぃぅぇぉっゃゅょゎ"
    "ァィゥェォッャュョヮヵヶ,.:;?!)]}%…"
)
_NOT_LAST = frozenset("「『（［｛〔〈《【〘〖“‘([{¥$€£")
_ORPHAN = 2
_SENTENCE = re.compile(r"[^。\n]+?(?:。|[.?!](?= )|\n|$)\s*")
_CJK_FROM = "\u2e80"
_HIRAGANA = "\u3041-\u309f"
_PREFIXES = "おご"
_PHRASE = re.compile(f"[{_PREFIXES}]?[^{_HIRAGANA}]")
_ENDING = re.compile(f"[{_HIRAGANA}]")

Measure = Callable[[str, int], int]
"""The width in pixels of a text at a font size."""


def fit(words: str, box: tuple[int, int], lines: int, sizes: Sequence[int], measure: Measure) -> tuple[int, list[str]]:
    """Choose the first of the sizes at which the words fit into (width, height); the last one with an ellipsis."""
    width, height = box
    fitting: list[tuple[int, list[str]]] = []
    for size in sizes:
        wrapped = wrap(words, width, lambda text, size=size: measure(text, size))  # type: ignore[misc]
        room = min(lines, room_for(height, size))
        if len(wrapped) <= room and all(measure(line, size) <= width for line in wrapped):
            fitting.append((size, wrapped))
            if not _orphaned(wrapped):
                return fitting[-1]
    if fitting:
        return fitting[0]
    kept = wrapped[: max(1, room)]
    if len(wrapped) > len(kept):
        kept[-1] += ELLIPSIS
    return size, [cut(line, width, lambda text: measure(text, size)) for line in kept]


def _orphaned(lines: Sequence[str]) -> bool:
    """Tell whether the last line holds so little that smaller words on fewer lines would look better."""
    return len(lines) > 1 and len(lines[-1]) <= _ORPHAN


def room_for(height: int, size: int) -> int:
    """Count the lines that a height holds."""
    return 1 + int((height - (ASCENT + DESCENT) * size + 0.5) // (LINE * size))


def wrap(words: str, width: int, measure: Callable[[str], int]) -> list[str]:
    """Break into lines: at spaces, between Japanese characters, never before closing or after opening marks."""
    return _filled(words, width, measure, pieces)


def _filled(
    words: str, width: int, measure: Callable[[str], int], split: Callable[[str], list[str]]
) -> list[str]:
    lines: list[str] = []
    for paragraph in words.split("\n"):
        line = ""
        for piece in split(paragraph):
            if line and measure((line + piece).rstrip()) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return lines


def balanced(words: str, lines: list[str], width: int, measure: Callable[[str], int]) -> list[str]:
    """Break into as many lines as before, sentence by sentence if that will do, and as evenly as can be.

    A lone last syllable under a long line reads like a mistake.
    """
    if len(lines) == 1 or any(line.endswith(ELLIPSIS) for line in lines):
        return lines
    sentences = [_even(sentence.strip(), width, measure) for sentence in _SENTENCE.findall(words)]
    if sum(map(len, sentences)) == len(lines):
        return [line for sentence in sentences for line in sentence]
    return _even(words, width, measure)


def _even(words: str, width: int, measure: Callable[[str], int]) -> list[str]:
    """Find the narrowest column that takes no more lines than this one, with whole phrases if that will do."""
    count = len(wrap(words, width, measure))

    def fits(split: Callable[[str], list[str]], width: int) -> bool:
        tried = _filled(words, width, measure, split)
        return len(tried) <= count and all(measure(line) <= width for line in tried)

    split = phrases if fits(phrases, width) else pieces
    narrow, wide = width // 2, width
    while narrow < wide:
        middle = (narrow + wide) // 2
        if fits(split, middle):
            wide = middle
        else:
            narrow = middle + 1
    return _filled(words, wide, measure, split)


def pieces(words: str) -> list[str]:
    """Split where a line may break."""
    return _split(words, _may_break)


def phrases(words: str) -> list[str]:
    """Split where a line breaks without tearing a word, as far as the kinds of Japanese letters tell.

    A phrase ends with its particle or ending, which is in hiragana, and the next begins with anything else.
    """
    return _split(words, lambda words, at: _may_break(words, at) and not _tears(words, at))


def _split(words: str, may_break: Callable[[str, int], bool]) -> list[str]:
    found = [words[:1]]
    for at in range(1, len(words)):
        if may_break(words, at):
            found.append("")
        found[-1] += words[at]
    return found


def cut(line: str, width: int, measure: Callable[[str], int]) -> str:
    """Shorten a line that is too long, or one that already ends in an ellipsis, so that it fits with its ellipsis."""
    if measure(line) <= width:
        return line
    kept = line.rstrip(ELLIPSIS)
    while kept and measure(kept.rstrip() + ELLIPSIS) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def _may_break(words: str, at: int) -> bool:
    before, after = words[at - 1], words[at]
    if after in _NOT_FIRST or before in _NOT_LAST or after == " ":
        return False
    return before == " " or before >= _CJK_FROM or after >= _CJK_FROM


def _tears(words: str, at: int) -> bool:
    before = words[at - 1]
    if not (before.isalnum() and words[at].isalnum()):
        return False
    return not _ENDING.match(before) or before in _PREFIXES or not _PHRASE.match(words, at)
