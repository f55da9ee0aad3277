"""09 Machine coders: coders, people and machines, and estimates that survive their errors.

`code_by` asks a language model at an address that the user names, and hands in a sheet that
`agree` reads; `examine` asks it what a coder must know before any code of its own counts. Every
request and reply is kept, and a replay makes the same answers from the record, without a network.
`fit_model` explains a code by outlet or date, corrected by human codes; `show_desk` is for people.
"""

from framebook.coding.coder import code_by
from framebook.coding.design_model import fit_model, plan_units, read_units
from framebook.coding.desk import show_desk
from framebook.coding.replaying import judge_replies, replay, show_request, table_examination
