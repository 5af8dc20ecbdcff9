"""The first start by touch: from a machine without a kiosk.yaml to a till that sells.

Rule: what a key opens is asked for before anything is written, and then all is written at once; every page has a way
back. What BTCPay is asked, and how the files are written, is `pos/pairing`'s and `pos/check`'s business.

    pages.py       the pages, what they want done, what comes back
    state.py       which page is up and why: touches and answers in, the next page and a wish out; pure
    asking.py      what a worker asks the server, and the sentence for each thing it found
    first_file.py  the new kiosk.yaml, for a real server or for practice
    desk.py        where touches, workers and the screen meet
"""
