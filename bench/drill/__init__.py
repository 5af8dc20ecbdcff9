"""Proves by counting that nothing is lost: `python -m bench.drill --sales N --seed S [--jobs J] [--json]`.

Rule: real till processes sell at a demo server over HTTP while everything goes wrong that can, and at the end three
ledgers must agree: what the customers' phones paid, what the server holds, what the till says.

    faults       what can go wrong, as one closed list
    plan         which customers come and what goes wrong with each: drawn from the seed, and from nothing else
    night        one journal's life: a few sales, played by the plan, and the books at its end
    customers    what each kind of customer does, told so that the power may fail at any word of it
    hands        what the bartender taps, by nothing but what is on the screen
    restoring    how a backup is put back between two lives, and how that may end
    troubles     how each fault is brought about, and by what is seen that it took effect
    versions     which servers there are, and what each of them does not tell
    evening      a server, and a till that may die at any moment and is started again
    place        the disk a till writes to; some can be full or read-only
    disk         what is on a disk after a power cut: what was flushed, and of the rest what chance left
    books        the journal of a dead till, and what must be true of it
    witness      who sees every screen and compares it with the server
    camera       what another program reads off the picture of a real window
    display      the screen that a till with a window has alone
    report       prints what was counted
    tills        handles to the till processes and to the cradle
    cradle       what they are forked in
    owner        a command of the owner's, as a process
    headless     the till process itself, without a window; windowed puts it behind a real one
    mortal       the till's parts that can be made to die at a named point, and that tell what they do
    flushes      notes every write and flush of SQLite, inside the till process
    sight        what a screen shows, as far as people act on it
"""
