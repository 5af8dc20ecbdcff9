"""Garbage for every parser of what strangers, owners and old disks can hand the till.

Rule: a parser either gives a value that keeps what is promised of it, or raises its own documented error; anything else
is a finding. Every case is made from a seed and a number alone, so any of them can be made again.

    python -m tests.fuzz --cases 100000 --seed 1 [--parser bolt11] [--json]

    corpus/        real and famously bad inputs, one file each, in a folder for each parser
    corpus.py      reads them, and makes the ones that are too big to keep
    edits.py       how an input is spoiled: bytes, JSON, YAML
    lightning.py   bech32 and BOLT11: spoiled under a good checksum and a good signature
    second_reader  a BOLT11 reader that shares no code with the till's, as a second opinion
    owner.py       kiosk.yaml, the line of a PIN in it, and the words
    pasted.py      a key, an address
    answers.py     what BTCPay Server, or whoever stands in its place, may answer
    greeting.py    its clock and its certificate
    rows.py        the journal, after something wrote into it
    campaign.py    runs the cases, counts how they end, makes findings small
"""
