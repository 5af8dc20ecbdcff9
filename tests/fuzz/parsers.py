"""Every parser that is fuzzed, by name."""

from tests.fuzz.answers import GREENFIELD
from tests.fuzz.campaign import Parser
from tests.fuzz.greeting import CERTIFICATE, DATE
from tests.fuzz.lightning import BECH32, BOLT11
from tests.fuzz.owner import CONFIG, PIN, WORDS_FILE
from tests.fuzz.pasted import PAIRING
from tests.fuzz.rows import JOURNAL

PARSERS: dict[str, Parser] = {
    parser.name: parser
    for parser in (BECH32, BOLT11, CONFIG, WORDS_FILE, PAIRING, PIN, GREENFIELD, DATE, CERTIFICATE, JOURNAL)
}
