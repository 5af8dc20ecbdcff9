"""The demo: a BTCPay Server look-alike on 127.0.0.1, with its shop, Lightning node and customer's phone.

Rule: only the demo mode and the tests import it; of the till it imports pos.core alone. Question -> file:
paths and permissions `routes`; what an operation does `operations`; what a version answers `answers`; which
state follows `states`; who paid what `shop`; what goes wrong `misfortune`, `lies`; sockets `connection`.
"""
