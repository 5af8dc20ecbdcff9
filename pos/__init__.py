"""A Bitcoin/Lightning till for a bar counter, on the shop's own BTCPay Server.

Where to find what; each directory is a rule, each file a noun:

    core/        RULE: no I/O, no clock, no dice, no threads
      money      currency amounts, millisatoshi; parse and show
      menu       what is for sale
      cart       what the customer is choosing
      order      what the customer agreed to, and the attempts to have it paid
      payment    THE payment machine; its events and states stand beside it, duties says what each state owes
      till       which screen is up and why; touches are what a finger can say, screens what can be up, wishes what
                 is then to be done; way_out is the status screen and the pad for the PIN
      bolt11     decode and check a Lightning invoice; bech32 and the tagged fields stand beside it
      notices    what staff are told of money that came late, twice or in parts
      link       what is known of the line to the server; route the way to it; storage of the till's own disk
      problem    what can stand between the till and the server, as one list
      plain_text text of strangers as a screen or a log may show it
    btcpay/      RULE: the only place that knows BTCPay exists
      greenfield requests built, answers understood; body reads JSON, metadata for its reports; refusals to exceptions
      clerk      does one duty at the server, reports events
      offers     makes the quote of what the server offers, or says why not
      client     moves bytes, decides nothing; adapter is how requests does that, with the deadlines; connection is TLS,
                 the pin and the way through Tor
      rights     what an API key may do; key_check judges it before the till sells
    config/      kiosk.yaml to Config; all mistakes at once, with their lines
    journal/     RULE: only here is it known that the journal is a SQLite file; nothing in it is changed or thrown away
      journal    append and read; record is how an entry is written down, schema the tables, claim keeps others out
      reading    what commands read of a journal without holding it
      salvage    a damaged journal becomes one that works; inspection finds the damage, pages and remains what is left
      backup     one copy a day
    engine       keeps every open payment moving: step, append, assign
    runtime      the only module that knows threads; task is what a worker has to do, pace says how long things wait,
                 mailbox is how workers report
    counter      where touches, letters, sales and screen meet; house is what it is given, contact what it has heard,
                 sales what all that means for the payments, display what is on the screen
    upkeep       what the till keeps about itself: service counts how long customers wait, lock who typed wrong PINs
    private      files and folders that nobody else on the machine can read
    strays       invoices that the server knows of and the journal does not any more
    pin          the PIN's line in kiosk.yaml
    qr           the QR code of an invoice
    sound        lets the counter hear it
    memory       keeps the key out of core dumps
    words        every sentence people read, from assets/words
    systemd      tells the service manager that the till is up, alive, ending
    ui/          RULE: Tk's thread only; shows what it is told, reports touches, decides nothing
      view       what a screen shows: the contract
      views/     the till's state to views, no Tk
      window     the root and its screens; theme, surface, gesture and shapes are what they are made of, kiosk keeps
                 it on top, last_window tells what stopped the till
    demo/        RULE: only the demo mode and the tests import it; a BTCPay Server look-alike
    check/       RULE: changes nothing that stays; `run_kiosk.py check`, one line for each thing the till needs
    pairing/     RULE: values only, no terminal and no Tk; from an address and a key to a kiosk.yaml that works
    commands/    what `run_kiosk.py pair`, `status`, `restore` and `pin` do
    first_start/ the same by touch, on a machine without a kiosk.yaml
    fault        what keeps the till from going on; report is what is written down of it, ui/fault what is shown
    assembly     the composition root: builds every part once
    app          the program: its first word, and what becomes of the till; command_line is what all words share,
                 exit_code what they end with
"""

__version__ = "0.1.0"
