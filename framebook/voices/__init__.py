"""05 Voices: who answers for the claims.

Three tables. voices, one row per attribution: voice_id, doc_id, sent_id, parent_id, form (quoted,
paraphrased, mixed), act, speaker, actor_id, speaker_class, and source, cue and content as lists
of [start, end]. segments, one row per piece of a sentence: seg_id, sent_id, doc_id, start, end,
role (narrator, attribution, content), voice_id. actors, one row per actor in an article:
actor_id, doc_id, name, kind, n_mentions.
"""

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
from framebook.voices.linking import apply_classes, apply_links, find_classes, link_speakers
from framebook.voices.parties import find_parties
from framebook.voices.portrayal import find_portrayals, summarise_actors
from framebook.voices.reported_facts import reports_fact
from framebook.voices.target_tone import tone_towards
from framebook.voices.voices import describe_voices, spell_out
