"""The words by which the rules tell one use of a cue from another."""

from framebook.tokenising.words import words
from framebook.voices.kinds import (
    AUXILIARY,
    BREAK,
    CLAUSE_STARTS,
    DETERMINER,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    STOP,
)

QUOTED = {"quoted", "cited", "reported"}
NAMING = {"called", "dubbed", "nicknamed", "described", "labelled", "labeled", "branded"}
OF_SPEAKERS = {"demands", "words", "testimony", "view", "opinion"}
BY_NOUNS = words("by_nouns")
RUMOURS = set("allegations accusations rumors rumours claims reports".split())
WON = words("won")
ORDERS = set("ordered orders ordering order instructed instructs commanded".split())
QUOTING = set("cited cites citing quoted quotes quoting".split())
NOBODY = set("anyone nobody none please let neither thank thanks".split())
DOING = {"do", "did", "would", "could", "can", "will", "should"}
BOTH = {"claims", "reports", "estimates", "forecasts", "demands", "comments", "notes", "hopes"}
NO_SPEAKERS = words("no_speakers")  # alone
OWNER_LINKS = {"of", "to", "by", "from", "with"}
GIVEN, GIVING = {"blame", "credit", "praise"}, {"gave", "give", "gives", "giving", "given"}
PUBLISHED = set("released published issued posted made sent written seen obtained".split())
TEXTS = words("documents") | {"statement", "letter", "images", "photos", "video", "pictures"}
ADJECTIVAL = set("planned proposed promised expected suspected alleged threatened feared".split())
NO_PASSIVE = {"pushed", "attributed", "aimed", "linked"}
VOWS = set("pledge promise vow threat demand request refusal plea commitment".split())
JUDGED = words("judged")
# As often a noun as a verb, and so is the plural.
NOUN_LIKE = words("noun_like") | {f"{word}s" for word in words("noun_like")}
GOVERNORS, DOCUMENTS = words("governors"), words("documents")
CLAUSE_VERBS, AS_VERBS = words("clause_verbs"), words("as_verbs")
QUOTE_VERBS, BARE_VERBS = words("quote_verbs"), words("bare_verbs")
STATES, SEEMING, LINKING = words("states"), words("seeming"), words("linking")
THAT_NOUNS, TO_NOUNS = words("nouns_with_that"), words("nouns_with_to")
TOPIC_NOUNS, ABOUT = words("nouns_with_preposition"), words("topic_prepositions")
NOUNS, OWNERS = THAT_NOUNS | TO_NOUNS | TOPIC_NOUNS | {"words"}, words("possessives")
LIGHT, ALONE, PARTICIPLES = words("light_verbs"), words("passive_alone"), words("participles")
ADVERBIAL, CUE_ENDS, TELLING = words("adverbial_cues"), words("cue_ends"), words("telling")
CONTENT_STARTS = CLAUSE_STARTS | {"to", "as", "not", "by"}
OPENING, CLOSING = set("“«„\"'‘"), set("”»\"'’")
NEUTRAL = set("this that these those many some most few all both each several another".split())
TOPICS = {"about", "of", "on", "for", "that", "out"}
UNNAMED = {"anonymity", "anonymous", "named", "identified", "name", "names"}
BEFORE_UNNAMED = {"anonymity", "not", "to", "on", "that", "of"}
GERUND_AFTER = {"by", "after", "before", "while", "when", "without", "in", "of", "for", "from"}
NOUN_PHRASE_ENDS = STOP | POSSESSIVE | DETERMINER | PREPOSITION | BREAK | PRONOUN | AUXILIARY
# Acts whose verbs also join things ("the effort underscores the scale"): who speaks is checked.
AMBIGUOUS_ACTS = set("stress report hint urge argue frame confirm expect promise".split())
