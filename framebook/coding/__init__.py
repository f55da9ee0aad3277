"""09 Machine coders: a language model that codes like a person, and is examined like one.

`code_by` asks a model at an address that the user names, and hands in a sheet that `agree` reads;
`examine` asks it what a coder must know before any code of its own counts. Every request and reply
is kept, and `replay` makes the same answers from the record, without a network.
"""

from framebook.coding.coder import code_by
