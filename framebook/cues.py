"""What a cue form is where it stands, noun or verb and whether whole; and “according to”."""

from framebook import phrases
from framebook.clauses import (
    ADVERB,
    AUXILIARY,
    BE,
    CAPITAL,
    DETERMINER,
    MODAL,
    PLURAL,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    STOP,
    Found,
)
from framebook.words import words

NOUN_LIKE, GOVERNORS, DOCUMENTS = words("noun_like"), words("governors"), words("documents")
CLAUSE_VERBS, AS_VERBS = words("clause_verbs"), words("as_verbs")
QUOTE_VERBS, BARE_VERBS = words("quote_verbs"), words("bare_verbs")
CLAUSE_STARTS = set("that whether if how what why who when where he she it they we".split())
CONTENT_STARTS = CLAUSE_STARTS | {"to", "as", "not", "by"}
OPENING, CLOSING = set("“«„\"'‘"), set("”»\"'’")
NEUTRAL = set("this that these those many some most few all both each".split())
TOPICS = {"about", "of", "on", "for", "against", "that", "out", "with"}
UNNAMED = {"anonymity", "anonymous", "named", "identified"}
BEFORE_UNNAMED = {"anonymity", "not", "to", "on", "that", "of"}
REACH = 30  # tokens in which a verb's clause shows itself


def is_noun_like(word):
    """Return whether a form, or its singular, is as often a noun as a verb."""
    return word in NOUN_LIKE or word.removesuffix("s") in NOUN_LIKE


def is_noun(sentence, n):
    """Return whether a form such as "report" or "claims" stands as a noun here."""
    words, kinds = sentence.words, sentence.kinds
    word, before, after, left = words[n], kinds[n - 1], kinds[n + 1], words[n - 1] if n else ""
    if kinds[n] & POSSESSIVE or before & POSSESSIVE and left != "her" or left in {"/", "@", "<"}:
        return True
    if before & DETERMINER and left not in NEUTRAL:
        return True
    if before & ADVERB and word.endswith("ed") and kinds[n - 2] & (DETERMINER | PREPOSITION) and (
            not after & (STOP | DETERMINER | PREPOSITION | PRONOUN)):
        return True  # "a hotly contested race"
    if not is_noun_like(word) or word in CLAUSE_VERBS and DOCUMENTS & set(words[max(n - 8, 0):n]):
        return False  # "the polls show"
    if n == 0 or kinds[n] & CAPITAL or before & STOP or before & PREPOSITION and left != "to":
        return True
    if before & (PRONOUN | MODAL):
        return False
    if after & (STOP | AUXILIARY) and words[n + 1] not in {"to", ":"} | OPENING:
        return True
    if before & ADVERB or left in {"who", "which", "people"}:
        return False
    if word.endswith("s"):  # "the company plans to", "Crane attacks him"; "official reports say"
        return not (words[n + 1] in CONTENT_STARTS | OPENING or sentence.is_nominal(n + 1)
                    or before & CAPITAL and after & PREPOSITION)
    return not (before & PLURAL or before & CAPITAL and word.endswith("ed"))


def verb_group(sentence, n):
    """Return (position left of the verb group that ends at n, kinds of its helpers, infinitive).

    The group reaches over auxiliaries and adverbs, and over "to" and what governs it ("was
    quick to", "has tried to"); a bare infinitive has no subject of its own.
    """
    helpers, own, infinitive = 0, None, False
    while n >= 0:
        kind = sentence.kinds[n]
        if sentence.words[n] == "to":
            if sentence.words[n - 1] not in GOVERNORS:
                return n - 1, helpers, True
            own = helpers if own is None else own
            n, helpers, infinitive = n - 2, 0, sentence.words[n - 1].endswith("ing")
        elif kind & (AUXILIARY | ADVERB):
            helpers |= kind & (AUXILIARY | ADVERB)
            if kind & PRONOUN:
                break  # "he's": the subject with its verb
            n -= 1
        else:
            break
    return n, helpers if own is None else own, infinitive and not helpers & BE


def has_clause(sentence, n):
    """Return whether a clause or a quotation begins at n: "added salt" is no attribution."""
    words, quoted = sentence.words, sentence.quoted
    if words[n] in CLAUSE_STARTS or words[n] == ":" or True in quoted[n:n + 2]:
        return True
    for k in range(n, min(n + REACH, sentence.size)):
        if sentence.kinds[k] & STOP:
            return False
        if quoted[k] or sentence.kinds[k] & AUXILIARY and words[k] != "to":
            return True
    return False


def is_whole(sentence, first, last):
    """Return whether a verb has beside it what makes it an attribution."""
    word, after = sentence.words[first], last + 1
    following = sentence.words[after]
    if following in BEFORE_UNNAMED and not UNNAMED.isdisjoint(sentence.words[after:after + 7]):
        return False  # "who asked not to be named"
    if word in AS_VERBS:
        return "as" in sentence.words[after:after + 12] or (
            word in CLAUSE_VERBS and has_clause(sentence, after))
    alone = last == first
    if word in BARE_VERBS and alone and following in TOPICS:
        return True
    if alone and word in BARE_VERBS or word in QUOTE_VERBS and (
            alone or sentence.words[last] == "on"):
        return True in sentence.quoted[max(first - 9, 0):last + 6]
    return True


def trails(sentence, after):
    """Return whether nothing but a mark follows a verb."""
    return sentence.kinds[after] & STOP and sentence.words[after] not in {":", *OPENING}


def find_according_to(sentence):
    """Return the attributions of "according to X"."""
    found, words = [], sentence.words
    for n in range(sentence.size - 2 if "according" in words else 0):
        if words[n] == "according" and words[n + 1] == "to" and not sentence.quoted[n]:
            last = phrases.phrase_end(sentence, n + 2, {"was", "is"})
            if n > 1 and last > n + 1:
                last = phrases.with_appositions(sentence, n + 2, last)
            content = sentence.clause(0, n - 1) + sentence.clause(last + 1, sentence.size - 1)
            if last > n + 1 and content:
                found.append(Found("report", (n, n + 1), (n + 2, last), content))
    return found


def find_label(sentence):
    """Return the attribution of "X: “Z”" at the head of a sentence."""
    if ":" not in sentence.words[1:6] or True not in sentence.quoted:
        return []
    mark = sentence.words.index(":", 1)
    if sentence.quoted[0] or not all(k & CAPITAL for k in sentence.kinds[:mark]) or (
            True not in sentence.quoted[mark:]):
        return []
    content = sentence.clause(mark + 1, sentence.size - 1)
    return [Found("say", (mark, mark), (0, mark - 1), content)] if content else []
