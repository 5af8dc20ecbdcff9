"""Every event of every order on the disk, in order, for ever; and what to do when the disk did not keep it.

Rule: only this package knows that the journal is a SQLite file, and nothing in it is ever changed or thrown away.

    journal     append and read: all the till uses while it runs; record is how an entry is written down
    schema      the tables and their migrations; claim keeps a second till out
    reading     what commands read of it, also beside a till at work
    inspection  is it whole? a look at the start, all of it when that is in doubt
    salvage     a damaged journal becomes one that works; pages and remains read what is left of it
    backup      one copy a day, for fourteen days
"""
