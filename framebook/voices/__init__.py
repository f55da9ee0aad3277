"""05 Voices: who answers for the claims, as `voices`, `segments` and `actors`."""

from framebook.voices.actors import silent_actors
from framebook.voices.by_voice import (
    concentration,
    count_words,
    cue_rates,
    cues_by_voice,
    label_segments,
    name_voices,
    tone_by_voice,
    voice_shares,
)
from framebook.voices.parties import find_parties
from framebook.voices.portrayal import find_portrayals, summarise_actors, tone_about
from framebook.voices.target_tone import tone_towards
from framebook.voices.voices import describe_voices, spell_out

__all__ = [
    "concentration",
    "count_words",
    "cue_rates",
    "cues_by_voice",
    "describe_voices",
    "find_parties",
    "find_portrayals",
    "label_segments",
    "name_voices",
    "silent_actors",
    "spell_out",
    "summarise_actors",
    "tone_about",
    "tone_by_voice",
    "tone_towards",
    "voice_shares",
]
