"""A Bitcoin/Lightning till for a bar counter, on the shop's own BTCPay Server.

Where to find what; each directory is a rule, each file a noun:

    core/        RULE: no I/O, no clock, no dice, no threads
      money      currency amounts, millisatoshi; parse and show
      menu       what is for sale
      cart       what the customer is choosing
      order      what the customer agreed to, and the attempts to have it paid
      payment    THE payment machine: step and duty; its events and states stand beside it
      till       which screen is up and why; touches are what a finger can say
      bolt11     decode and check a Lightning invoice; bech32 and the tagged fields stand beside it
      notices    what staff are told of money that came late, twice or in parts
      link       what is known of the line to the server
      problem    what can stand between the till and the server, as one list
    btcpay/      RULE: the only place that knows BTCPay exists
      greenfield requests built, answers understood; metadata for its reports; refusals to exceptions
      clerk      does one duty at the server, reports events
      client     moves bytes, decides nothing
    config/      kiosk.yaml to Config; all mistakes at once, with their lines
    journal      SQLite, append-only: every event of every order; record is how one is written down
    engine       keeps every open payment moving: step, append, assign
    runtime      the only module that knows threads; pace says how long things wait, mailbox is how workers report
    counter      where touches, letters, engine and screen meet; house is what it is given, contact what it has heard
    qr           the QR code of an invoice
    sound        lets the counter hear it
    words        every sentence people read, from assets/words
    ui/          RULE: Tk's thread only; shows what it is told, reports touches, decides nothing
      view       what a screen shows: the contract
      views/     the till's state to views, no Tk
      window     the root and its screens; theme, surface, gesture and shapes are what they are made of
    demo/        RULE: only the demo mode and the tests import it; a BTCPay Server look-alike
    assembly     the composition root: builds every part once
    app          the program: its command line and what it ends with
"""

__version__ = "0.1.0"
