"""For teaching: exercises, the coding exercise for a room, the machine's check, the challenge set."""

from framebook.classroom.challenge import count_passes, read_pairs, run_pairs
from framebook.classroom.exercises import check, tell_guess
from framebook.classroom.room import describe_room, plot_room, rank_sentences, read_room
