"use strict";
// The explorer: every sentence of the corpus, filtered by what the address says after "#".
// Texts reach the page as text nodes only. Nothing is requested, nothing is stored.
(async () => {
  const $ = (id) => document.getElementById(`ex-${id}`);
  const FILTERS = ["q", "outlet", "from", "to", "code", "class", "speaker", "form", "tone"];
  const KEPT = [...FILTERS, "view", "sort", "order", "article"];
  const REPORTER = "narrator";
  const SOURCED = "attributed";
  const SHOWN = 50;
  const LETTER = "[\\p{L}\\p{M}\\p{N}_]";

  async function unpack(text) {
    const packed = atob(text.trim());
    const bytes = new Uint8Array(packed.length);
    for (let n = 0; n < packed.length; n++) bytes[n] = packed.charCodeAt(n);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  function add(parent, name, text, attributes = {}) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  }

  const data = await unpack($("data").textContent);
  const { articles, sentences, cues, voices, outlets, codes, classes, forms, speakers } = data;
  const accumulate = (steps) => { let at = 0; return Int32Array.from(steps, (step) => (at += step)); };
  const articleOf = new Int32Array(sentences.text.length);
  const firstOf = new Int32Array(articles.n.length + 1);
  articles.n.forEach((n, a) => {
    articleOf.fill(a, firstOf[a], firstOf[a] + n);
    firstOf[a + 1] = firstOf[a] + n;
  });
  const cueAt = accumulate(cues.sentence);
  const voiceAt = accumulate(voices.sentence);
  for (const name of ["code", "voice"]) cues[name] = Int32Array.from(cues[name]);
  for (const name of ["speaker", "class", "form"]) voices[name] = Int32Array.from(voices[name]);
  const size = articleOf.length;
  const total = (n, one, more = `${one}s`) => `${n.toLocaleString("en-GB")} ${n === 1 ? one : more}`;
  const share = (n, all) => (all ? `${((100 * n) / all).toFixed(n && n < all / 100 ? 1 : 0)}%` : "");
  let state = {};
  let found = null;
  let chosenNow = null;
  let shown = SHOWN;
  let plain = null;

  // The filters

  function compile(query) {
    return (query.match(/"[^"]+"?|[^\s"]+/g) || []).map((term) => {
      const words = term.replaceAll('"', "").trim().toLowerCase().replaceAll("’", "'");
      if (!/[\p{L}\p{N}]/u.test(words)) return null;
      const body = words.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replaceAll("\\*", `${LETTER}*`)
        .replace(/\s+/g, "\\s+").replaceAll("'", "['’]");
      const edge = (at, look) => (/[\p{L}\p{M}\p{N}_]/u.test(words.at(at)) ? `(?${look}!${LETTER})` : "");
      const longest = words.split(/[*\s]+/).sort((a, b) => b.length - a.length)[0];
      const whole = /^[\p{L}\p{M}\p{N}_]+$/u.test(words);
      return { part: longest, whole, pattern: new RegExp(edge(0, "<") + body + edge(-1, ""), "giu") };
    }).filter(Boolean);
  }

  const isLetter = Uint8Array.from({ length: 127 }, (_, n) => /\w/.test(String.fromCharCode(n)));

  function makePlain() {
    plain ??= sentences.text.map((text) => text.toLowerCase().replaceAll("’", "'"));
  }

  function matches(terms, n) {
    makePlain();
    return terms.every(({ part, whole, pattern }) => {
      const text = plain[n];
      let at = text.indexOf(part);
      if (at < 0) return false;
      // A single word is nearly always settled by the characters around it.
      while (whole && at >= 0) {
        const [before, after] = [text.charCodeAt(at - 1) || 32, text.charCodeAt(at + part.length) || 32];
        if (before > 126 || after > 126) break;
        if (!isLetter[before] && !isLetter[after]) return true;
        at = text.indexOf(part, at + 1);
      }
      if (at < 0) return false;
      pattern.lastIndex = 0;
      return pattern.test(sentences.text[n]);
    });
  }

  function chooseSpeakers(text) {
    let exact = speakers.indexOf(text);
    if (exact < 0) exact = data.also.findIndex((names) => names.split("; ").includes(text));
    const part = text.toLowerCase();
    return Uint8Array.from(speakers.map((name, n) => (exact < 0 ? name.toLowerCase().includes(part) : n === exact)));
  }

  function isTone(kind, n) {
    const [vader, textblob] = [sentences.vader[n], sentences.textblob[n]];
    return { negative: vader < 0, positive: vader > 0, zero: vader === 0,
      apart: vader * textblob < 0 }[kind];
  }

  // What the filters choose: sentences, and of their attributions and cues those that count.
  function choose(want) {
    const reporter = want.class === REPORTER;
    const byVoice = want.speaker || want.form || (want.class && !reporter);
    const outlet = outlets.indexOf(want.outlet);
    const inArticle = articles.n.map((_, a) => {
      const day = articles.date[a];
      return (!want.outlet || articles.outlet[a] === outlet) && (!want.from || day >= want.from)
        && (!want.to || (day && day.slice(0, want.to.length) <= want.to));
    });
    const code = codes.findIndex((one) => one.id === want.code);
    const kind = classes.findIndex((one) => one.id === want.class);
    const unknown = classes.findIndex((one) => one.id === "unspecified");
    const form = forms.indexOf(want.form);
    const isSpeaker = want.speaker ? chooseSpeakers(want.speaker) : null;
    // Plain loops over typed arrays: some hundred thousand steps for each key pressed.
    const voiceOk = new Uint8Array(voiceAt.length);
    for (let v = 0; v < voiceOk.length; v++) {
      voiceOk[v] = !reporter && (!isSpeaker || isSpeaker[voices.speaker[v]])
        && (!want.class || (want.class === SOURCED ? voices.class[v] !== unknown : voices.class[v] === kind))
        && (!want.form || voices.form[v] === form) ? 1 : 0;
    }
    const cueOk = new Uint8Array(cueAt.length);
    for (let c = 0; c < cueOk.length; c++) {
      cueOk[c] = (!want.code || cues.code[c] === code)
        && (reporter ? cues.voice[c] < 0 && !byVoice
          : !byVoice || (cues.voice[c] >= 0 && voiceOk[cues.voice[c]])) ? 1 : 0;
    }
    const has = new Uint8Array(size);
    if (want.code) {
      for (let c = 0; c < cueOk.length; c++) if (cueOk[c]) has[cueAt[c]] = 1;
    } else if (reporter) {
      has.fill(1);
      for (let v = 0; v < voiceAt.length; v++) has[voiceAt[v]] = 0;
    } else if (byVoice) {
      for (let v = 0; v < voiceOk.length; v++) if (voiceOk[v]) has[voiceAt[v]] = 1;
    } else has.fill(1);
    const terms = compile(want.q || "");
    for (let n = 0; n < size; n++) {
      has[n] &&= inArticle[articleOf[n]] && (!want.tone || isTone(want.tone, n))
        && (!terms.length || matches(terms, n)) ? 1 : 0;
    }
    return { has, voiceOk, cueOk, terms };
  }

  function without(...keys) {
    return keys.some((key) => state[key])
      ? choose({ ...state, ...Object.fromEntries(keys.map((key) => [key, ""])) }) : chosenNow;
  }

  function summarise({ has, voiceOk, cueOk }) {
    const list = [];
    let [articleCount, last] = [0, -1];
    for (let n = 0; n < size; n++) {
      if (has[n]) {
        list.push(n);
        if (articleOf[n] !== last) { articleCount++; last = articleOf[n]; }
      }
    }
    const count = (at, ok) => {
      let sum = 0;
      for (let i = 0; i < at.length; i++) sum += has[at[i]] & ok[i];
      return sum;
    };
    return { list, articles: articleCount, voices: count(voiceAt, voiceOk), cues: count(cueAt, cueOk) };
  }

  // The tables: each number is that of the sentences that a click on its row would show.

  function tally(length, at, keys, { has }, ok) {
    const rows = Array.from({ length }, () => ({ n: 0, times: 0, articles: 0, s: -1, a: -1 }));
    for (let i = 0; i < at.length; i++) {
      if (!has[at[i]] || (ok && !ok[i]) || keys[i] < 0) continue;
      const row = rows[keys[i]];
      row.times++;
      if (row.s !== at[i]) { row.s = at[i]; row.n++; }
      if (row.a !== articleOf[at[i]]) { row.a = articleOf[at[i]]; row.articles++; }
    }
    return rows;
  }

  const every = Int32Array.from({ length: size }, (_, n) => n);
  const COUNTS = [["n", "Sentences"], ["articles", "Articles"]];
  const VIEWS = {
    speakers: { key: "speaker", columns: [["label", "Speaker"], ["kind", "Class"],
      ["times", "Attributions"], ...COUNTS, ...(data.also.length ? [["also", "Also written as"]] : [])], rows: () => {
      const chosen = without("speaker");
      const rows = tally(speakers.length, voiceAt, voices.speaker, chosen, chosen.voiceOk);
      voiceAt.forEach((n, v) => { rows[voices.speaker[v]].kind ??= classes[voices.class[v]].label; });
      return rows.map((row, n) => ({ ...row, value: speakers[n], label: speakers[n], also: data.also[n] || "" }));
    } },
    classes: { key: "class", columns: [["label", "Class of speaker"], ["times", "Attributions"],
      ...COUNTS], rows: () => {
      const chosen = without("class");
      return tally(classes.length, voiceAt, voices.class, chosen, chosen.voiceOk)
        .map((row, n) => ({ ...row, value: classes[n].id, label: classes[n].label }));
    } },
    codes: { key: "code", columns: [["label", "Code"], ["book", "Codebook"], ...COUNTS,
      ["share", "Share of these sentences"]], rows: () => {
      const chosen = without("code");
      const all = state.code ? summarise(choose({ ...state, code: "" })).list.length : found.list.length;
      return tally(codes.length, cueAt, cues.code, chosen, chosen.cueOk).map((row, n) => ({ ...row,
        value: codes[n].id, label: codes[n].label, book: codes[n].book, share: row.n / all }));
    } },
    outlets: { key: "outlet", columns: [["label", "Outlet"], ...COUNTS,
      ["share", "Share of its sentences"]], rows: () => byArticle("outlet", outlets, articles.outlet) },
    dates: { key: "date", columns: [["label", "Period"], ...COUNTS,
      ["share", "Share of its sentences"]], rows: () => {
      const days = articles.date.filter(Boolean);
      const length = [10, 7, 4].find((cut) => new Set(days.map((day) => day.slice(0, cut))).size <= 60) || 4;
      const periods = [...new Set(days.map((day) => day.slice(0, length)))].sort();
      const at = new Map(periods.map((period, n) => [period, n]));
      return byArticle("date", periods, articles.date.map((day) => at.get(day.slice(0, length)) ?? -1));
    } },
    words: { key: "q", columns: [["label", "Word"], ...COUNTS, ["share", "Share of these sentences"],
      ["rest", "Share of the others"], ["g2", "G²"]], rows: listWords },
  };

  function byArticle(key, labels, ofArticle) {
    const keys = Int32Array.from(articleOf, (a) => ofArticle[a]);
    const chosen = key === "date" ? without("from", "to") : without(key);
    const all = new Int32Array(labels.length);
    keys.forEach((n) => { if (n >= 0) all[n]++; });
    return tally(labels.length, every, keys, chosen)
      .map((row, n) => ({ ...row, value: labels[n], label: labels[n], share: row.n / all[n] }));
  }

  let words = null;
  function listWords() {
    if (!words) { // each sentence's words, once: a second or two for 5,000 articles
      const numbers = new Map();
      const own = sentences.text.map((text) => [...new Set(text.toLowerCase().replaceAll("’", "'")
        .match(/[\p{L}\p{M}]+(?:['-][\p{L}\p{M}]+)*/gu))].map((word) => {
        if (!numbers.has(word)) numbers.set(word, numbers.size);
        return numbers.get(word);
      }));
      const at = own.flatMap((list, n) => list.map(() => n));
      words = { list: [...numbers.keys()], at: Int32Array.from(at), keys: Int32Array.from(own.flat()) };
    }
    const chosen = chosenNow;
    const n = found.list.length;
    const all = tally(words.list.length, words.at, words.keys, { has: new Uint8Array(size).fill(1) });
    return tally(words.list.length, words.at, words.keys, chosen).map((row, w) => {
      const [a, b, c, d] = [row.n, all[w].n - row.n, n, size - n];
      const part = (x, of) => (x ? x * Math.log((x * (c + d)) / (of * (a + b))) : 0);
      const more = d && a / c > b / d;
      return { ...row, value: words.list[w], label: words.list[w], share: a / c, rest: d ? b / d : 0,
        g2: more ? 2 * (part(a, c) + part(b, d)) : 0 };
    }).filter((row) => row.articles > 2 || articles.n.length < 10);
  }

  function sortRows(rows, columns) {
    const [name, turned] = (state.sort || "").split("-");
    const known = columns.some(([key]) => key === name);
    const key = known ? name : columns.some(([one]) => one === "g2") && found.list.length < size ? "g2"
      : state.view === "dates" ? "label" : columns.some(([one]) => one === "times") ? "times" : "n";
    const text = ["label", "kind", "book", "also"].includes(key);
    const sign = (text ? 1 : -1) * (known && turned ? -1 : 1);
    const order = (a, b) => (text ? String(a[key]).localeCompare(String(b[key]), "en") : a[key] - b[key]);
    rows.sort((a, b) => sign * order(a, b) || b.n - a.n || (a.label < b.label ? -1 : 1));
    return { key, down: sign < 0 };
  }

  const shownValue = (row, key) => (key === "share" || key === "rest" ? share(row[key], 1)
    : key === "g2" ? row.g2.toFixed(1) : typeof row[key] === "number" ? row[key].toLocaleString("en-GB")
      : row[key] ?? "");

  function showTable() {
    const { key, columns, rows: make } = VIEWS[state.view];
    const rows = make().filter((row) => row.n);
    const sorted = sortRows(rows, columns);
    const place = $("result");
    const scroll = add(place, "div", "", { class: "scroll", tabindex: "0", role: "region",
      "aria-label": `Table of ${state.view}` });
    const table = add(scroll, "table");
    add(table, "caption", `${total(rows.length, "row")} for this selection. A click on a name shows its sentences.`);
    const head = add(add(table, "thead"), "tr");
    for (const [name, label] of columns) {
      const amount = rows.length && typeof rows[0][name] === "number";
      const cell = add(head, "th", "", { scope: "col", class: amount ? "amount" : "" });
      if (name === sorted.key) cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      add(cell, "button", label, { type: "button" }).onclick = () => {
        const first = ["label", "kind", "book", "also"].includes(name) ? "ascending" : "descending";
        const again = cell.getAttribute("aria-sort") === first;
        go({ sort: again ? `${name}-turned` : name });
        document.querySelector(`#ex-result th:nth-child(${columns.findIndex(([n]) => n === name) + 1}) button`).focus();
      };
    }
    const body = add(table, "tbody");
    const fill = (from, to) => rows.slice(from, to).forEach((row) => {
      const line = add(body, "tr");
      columns.forEach(([name], n) => {
        const cell = add(line, n ? "td" : "th", n ? shownValue(row, name) : "",
          n ? { class: typeof row[name] === "number" ? "amount" : "" } : { scope: "row" });
        if (!n) {
          add(cell, "a", row.label, { href: address(picked(key, row.value)) });
        }
      });
    });
    fill(0, shown);
    showMore(place, rows.length, fill);
    return rows;
  }

  function picked(key, value) {
    const chosen = { ...state, view: "", sort: "" };
    if (key === "q") return { ...chosen, q: `${state.q || ""} ${value}`.trim() };
    return key === "date" ? { ...chosen, from: value, to: value } : { ...chosen, [key]: value };
  }

  function showMore(place, n, fill) {
    if (n <= shown) return;
    const more = add(place, "p", "", { class: "ex-more" });
    const told = add(more, "span", "");
    const tell = () => {
      told.textContent = `${Math.min(shown, n).toLocaleString("en-GB")} of ${n.toLocaleString("en-GB")} are shown. `;
      more.querySelectorAll("button").forEach((button) => { button.hidden = shown >= n; });
    };
    for (const [label, step] of [["Show 200 more", 200], ["Show all", n]]) {
      add(more, "button", label, { type: "button" }).onclick = () => {
        fill(shown, shown + step);
        shown += step;
        tell();
      };
    }
    tell();
  }

  // Sentences with their marks

  function listMarks(n, chosen) {
    const marks = [];
    for (let c = lower(cueAt, n); cueAt[c] === n; c++) {
      if (!state.code || codes[cues.code[c]].id === state.code) {
        marks.push([cues.start[c], cues.start[c] + cues.length[c], "cue", codes[cues.code[c]].label]);
      }
    }
    for (let v = lower(voiceAt, n); voiceAt[v] === n; v++) {
      voices.marks[v].forEach(([look, start, end]) => marks.push([start, end, ["source", "verb", "content"][look], ""]));
    }
    for (const { pattern } of chosen.terms) {
      for (const hit of sentences.text[n].matchAll(pattern)) marks.push([hit.index, hit.index + hit[0].length, "query", ""]);
    }
    return marks;
  }

  function lower(at, n) {
    let [low, high] = [0, at.length];
    while (low < high) { const mid = (low + high) >> 1; if (at[mid] < n) low = mid + 1; else high = mid; }
    return low;
  }

  const SAID = { source: "source", verb: "cue", content: "content" };
  function markText(parent, text, marks) {
    const cuts = [...new Set([0, text.length, ...marks.flatMap(([a, b]) => [a, b])])]
      .filter((cut) => cut >= 0 && cut <= text.length).sort((a, b) => a - b);
    for (let n = 0; n + 1 < cuts.length; n++) {
      const [start, end] = [cuts[n], cuts[n + 1]];
      const looks = new Set(marks.filter(([a, b]) => a <= start && end <= b).map(([, , look]) => look));
      const begun = new Set(marks.filter(([a, , look]) => SAID[look] && a === start).map(([, , look]) => SAID[look]));
      if (begun.size) add(parent, "span", `${[...begun].join(", ")}: `, { class: "unseen" });
      let place = parent;
      for (const look of looks) place = add(place, "mark", "", { class: `fb-${look}` });
      place.append(text.slice(start, end));
      const ended = new Set(marks.filter(([, b, , label]) => label && b === end).map(([, , , label]) => label));
      if (ended.size) add(parent, "sub", [...ended].join(", "));
    }
  }

  const nameOf = (a) => articles.title[a] || articles.key[a] || `Article ${a + 1}`;
  const placeOf = (a) => [outlets[articles.outlet[a]], articles.date[a]].filter(Boolean).join(", ");

  function whoSpeaks(n) {
    const told = [];
    for (let v = lower(voiceAt, n); voiceAt[v] === n; v++) {
      const kind = classes[voices.class[v]];
      const name = speakers[voices.speaker[v]];
      told.push(`${name}${kind.id === "unspecified" ? "" : ` (${kind.label})`}, ${voices.act[v] < 0 ? "" : `${data.acts[voices.act[v]]}, `}${forms[voices.form[v]]}`);
    }
    return told.join("; ") || "the reporter’s own words";
  }

  function orderList(list) {
    const by = { low: (n) => sentences.vader[n], high: (n) => -sentences.vader[n],
      date: (n) => articles.date[articleOf[n]] || "9999",
      random: (n) => Math.imul(n + 1, 2654435761) >>> 0 }[state.order];
    if (!by) return list;
    const keys = new Map(list.map((n) => [n, by(n)]));
    return [...list].sort((a, b) => (keys.get(a) < keys.get(b) ? -1 : keys.get(a) > keys.get(b) ? 1 : a - b));
  }

  function showSentences(chosen) {
    const list = orderList(found.list);
    const items = add($("result"), "ol", "", { class: "ex-list" });
    const fill = (from, to) => list.slice(from, to).forEach((n) => {
      const a = articleOf[n];
      const item = add(items, "li");
      const head = add(item, "p", "", { class: "ex-where" });
      add(head, "span", `${placeOf(a) || "Article"}: `);
      add(head, "a", nameOf(a), { href: address({ ...state, article: `${a + 1}.${n - firstOf[a] + 1}` }),
        title: "The article around this sentence" });
      markText(add(item, "p", "", { class: "fb-text" }), sentences.text[n], listMarks(n, chosen));
      add(item, "p", whoSpeaks(n), { class: "ex-who" });
    });
    fill(0, shown);
    showMore($("result"), list.length, fill);
  }

  function showArticle(chosen) {
    const dialog = $("article");
    const [a, own] = (state.article || "").split(".").map((text) => parseInt(text, 10) - 1);
    if (!(a >= 0 && a < articles.n.length)) { if (dialog.open) dialog.close(); return; }
    $("article-title").textContent = nameOf(a);
    $("article-where").textContent = [placeOf(a), articles.key[a], total(articles.n[a], "sentence")].filter(Boolean).join(" · ");
    const place = $("article-text");
    place.replaceChildren();
    let paragraph = null;
    for (let n = firstOf[a]; n < firstOf[a + 1]; n++) {
      if (!paragraph || sentences.breaks[n]) paragraph = add(place, "p", "", { class: "fb-text" });
      else paragraph.append(" ");
      const span = add(paragraph, "span", "", chosen.has[n] && found.list.length < size ? { class: "ex-hit" } : {});
      if (n - firstOf[a] === own) { span.className += " ex-own"; span.setAttribute("aria-current", "true"); }
      markText(span, sentences.text[n], listMarks(n, chosen));
    }
    if (!dialog.open) dialog.showModal();
    (place.querySelector(".ex-own") || place).scrollIntoView({ block: "center" });
  }

  // CSV, as a spreadsheet may open it: no cell begins as a formula

  function save(name, header, rows) {
    const cell = (value) => {
      let text = String(value ?? "");
      if (/^[=+\-@\t\r]/.test(text) && typeof value !== "number") text = `'${text}`;
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    const lines = [header, ...rows].map((row) => row.map(cell).join(","));
    const file = new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" });
    const link = add(document.body, "a", "", { download: name, href: URL.createObjectURL(file), hidden: "" });
    link.click();
    link.remove();
  }

  function listSentences() {
    return found.list.map((n) => {
      const a = articleOf[n];
      const own = { codes: [], speakers: [], classes: [], forms: [] };
      for (let c = lower(cueAt, n); cueAt[c] === n; c++) own.codes.push(codes[cues.code[c]].id);
      for (let v = lower(voiceAt, n); voiceAt[v] === n; v++) {
        own.speakers.push(speakers[voices.speaker[v]]);
        own.classes.push(classes[voices.class[v]].id);
        own.forms.push(forms[voices.form[v]]);
      }
      return [articles.key[a], articles.outlet[a] < 0 ? "" : outlets[articles.outlet[a]], articles.date[a],
        articles.title[a], n - firstOf[a] + 1, sentences.text[n],
        sentences.vader[n] / 10000, [...new Set(own.codes)].join("; "), own.speakers.join("; "),
        own.classes.join("; "), own.forms.join("; ")];
    });
  }

  $("csv").onclick = () => {
    if (VIEWS[state.view]) {
      const { columns, rows } = VIEWS[state.view];
      const made = rows().filter((row) => row.n);
      sortRows(made, columns);
      save(`${state.view}.csv`, columns.map(([, label]) => label), made.map((row) => columns.map(([key]) => row[key])));
    } else {
      save("sentences.csv", ["article", "outlet", "date", "title", "sentence", "text", "vader_compound",
        "codes", "speakers", "speaker_classes", "forms"], listSentences());
    }
  };

  // The state and the address

  function address(want) {
    const parts = KEPT.filter((key) => want[key])
      .map((key) => `${key}=${encodeURIComponent(want[key])}`);
    return `#${parts.join("&") || "all="}`;
  }

  // In a notebook the page is the text of a frame, whose address leads to the notebook itself.
  const framed = location.href.startsWith("about:");

  function readAddress(hash = location.hash) {
    const given = new URLSearchParams(hash.slice(1));
    return Object.fromEntries(KEPT.map((key) => [key, given.get(key) || ""]));
  }

  function go(changes) {
    state = { ...state, ...changes };
    if (!framed && address(state) !== location.hash) location.replace(address(state));
    draw();
  }

  function tellUnknown() {
    const listed = { outlet: outlets, code: codes.map((one) => one.id), form: forms,
      class: [REPORTER, SOURCED, ...classes.map((one) => one.id)] };
    const unknown = Object.keys(listed).filter((key) => state[key] && !listed[key].includes(state[key]));
    return unknown.length ? ` Not in this corpus: ${unknown.map((key) => `${key} “${state[key]}”`).join(", ")}.` : "";
  }

  function draw() {
    const began = performance.now();
    const chosen = chosenNow = choose(state);
    found = summarise(chosen);
    shown = SHOWN;
    for (const key of [...FILTERS, "order"]) {
      const field = $(key);
      if (document.activeElement !== field || field.tagName === "SELECT") field.value = state[key];
      if (field.value !== state[key] && field.tagName === "SELECT") field.value = "";
    }
    document.querySelectorAll("#ex-views button").forEach((button) => {
      button.setAttribute("aria-pressed", String((button.value || "") === (VIEWS[state.view] ? state.view : "")));
    });
    const parts = [`${total(found.list.length, "sentence")} (${share(found.list.length, size)}) in ${total(found.articles, "article")}`];
    if (found.voices) parts.push(total(found.voices, "attribution"));
    if (found.cues) parts.push(total(found.cues, "cue"));
    $("status").textContent = `${parts.join(", ")}.${tellUnknown()}`;
    $("clear").hidden = !FILTERS.some((key) => state[key]);
    $("ordering").hidden = $("key").hidden = Boolean(VIEWS[state.view]);
    $("csv").textContent = VIEWS[state.view] ? "Save this table (CSV)" : "Save these sentences (CSV)";
    $("result").replaceChildren();
    if (VIEWS[state.view]) showTable(chosen); else showSentences(chosen);
    showArticle(chosen);
    Object.assign($("status").dataset, { n: found.list.length, articles: found.articles, voices: found.voices,
      cues: found.cues, state: location.hash, ms: Math.round(performance.now() - began) });
  }

  // The fields

  const options = (id, rows) => rows.forEach(([value, label]) => add($(id), "option", label, { value }));
  options("outlet", outlets.map((name) => [name, name]));
  const books = Map.groupBy ? Map.groupBy(codes, (one) => one.book) : new Map([["Codes", codes]]);
  for (const [book, own] of books) {
    const group = add($("code"), "optgroup", "", { label: book });
    own.forEach((one) => add(group, "option", one.label, { value: one.id }));
  }
  options("class", [[REPORTER, "the reporter (no speaker)"], [SOURCED, "any source"], ...classes.map((one) => [one.id, one.label])]);
  options("form", forms.map((name) => [name, name]));
  const suggest = () => {
    const part = $("speaker").value.toLowerCase();
    $("speakers").replaceChildren();
    speakers.filter((name) => name.toLowerCase().includes(part)).slice(0, 100)
      .forEach((name) => add($("speakers"), "option", "", { value: name }));
  };
  $("speaker").onfocus = suggest;
  let wait = 0;
  for (const key of [...FILTERS, "order"]) {
    const typed = $(key).tagName === "INPUT";
    $(key).addEventListener(typed ? "input" : "change", () => {
      if (key === "speaker") suggest();
      clearTimeout(wait);
      const take = () => go({ [key]: $(key).value.trim(), article: "" });
      if (typed) wait = setTimeout(take, 200); else take();
    });
  }
  document.querySelectorAll("#ex-views button").forEach((button) => {
    button.onclick = () => go({ view: button.value, sort: "", article: "" });
  });
  $("clear").onclick = () => {
    go({ ...Object.fromEntries(FILTERS.map((key) => [key, ""])), article: "" });
    $("q").focus();
  };
  $("copy").onclick = async () => {
    const text = framed ? address(state) : location.href;
    const copied = navigator.clipboard ? await navigator.clipboard.writeText(text).then(() => true, () => false) : false;
    $("copied").textContent = copied ? "Copied." : "Copy the address of this page by hand: the browser did not allow it.";
  };
  $("form-all").onsubmit = (event) => event.preventDefault();
  $("article").addEventListener("close", () => { if (state.article) go({ article: "" }); });
  $("close").onclick = () => $("article").close();
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !["INPUT", "SELECT"].includes(document.activeElement.tagName)) {
      event.preventDefault();
      $("q").focus();
    }
  });
  if (framed) document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    if (!link.hash.includes("=")) return;
    state = readAddress(link.hash);
    draw();
  });
  addEventListener("hashchange", () => {
    if (!location.hash.includes("=")) return;
    $("status").dataset.state = location.hash;
    if (location.hash === address(state)) return;
    state = readAddress();
    draw();
    $("explorer").scrollIntoView();
  });
  $("fields").open = matchMedia("(min-width: 44rem)").matches;
  state = readAddress();
  $("app").hidden = false;
  $("drawn").remove();
  draw();
  setTimeout(makePlain, 100); // before the first word is typed
  if (location.hash.includes("=") && document.querySelector("section.page")) $("explorer").scrollIntoView();
})();
