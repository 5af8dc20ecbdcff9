"""`run_kiosk.py check`: everything the till needs, looked at one by one, with what to do where something is wrong.

Rule: a check changes nothing that stays: no order, no entry in the journal, no setting. One step that fails keeps no
other from being tried.

    finding.py   what one step found: its grade, a reason with a sentence of its own, and what fills the sentence
    machine.py   this machine: fonts, screen, sound, clock
    disk.py      the disk, the journal and its backups
    line.py      the way to the server: name, connection, certificate
    server.py    what the server says: version, key, store, payment methods
    sale.py      --invoice: one real invoice, checked and voided
    tour.py      all of them in order
    command.py   the command line: text or --json, and the exit code
"""
