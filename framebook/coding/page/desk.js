"use strict";
// The coding desk: one unit at a time, one key per answer, kept in this browser after each.
// Texts reach the page as text nodes only. Nothing is requested.
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const { codes, rows } = data;
  const KEYS = "1234567890qwertyuiopasdfghjklzxcvbnm";
  const PLACE = `framebook ${data.signature} ${data.coder}`;
  const SAID = { 1: "applies", 0: "does not apply", "?": "can’t say", "": "not answered" };
  const NEXT = { "": "1", 1: "0", 0: "?", "?": "" };
  // What is kept: per unit its answers (a character per code, "" as a space) and memo.
  let kept = { at: 0, answers: {}, memos: {} };
  let past = [];

  function load() {
    try {
      const found = JSON.parse(localStorage.getItem(PLACE) || "null");
      if (found && found.answers && found.memos) kept = found;
    } catch {
      warn();
    }
    if (!(kept.at >= 0 && kept.at < rows.length)) kept.at = 0;
  }
  function warn() {
    $("warning").textContent = "This browser keeps nothing: save your sheet before you close the page.";
  }
  function keep() {
    try {
      localStorage.setItem(PLACE, JSON.stringify(kept));
    } catch {
      warn();
    }
  }

  const unitOf = (n) => rows[n][0];
  const answersOf = (n) => (kept.answers[unitOf(n)] || "").padEnd(codes.length).split("").map((one) => one.trim());
  const isDone = (n) => answersOf(n).every((one) => one !== "");
  function setAnswers(n, answers) {
    kept.answers[unitOf(n)] = answers.map((one) => one || " ").join("");
  }
  function remember() {
    past.push(JSON.stringify([kept.at, unitOf(kept.at), kept.answers[unitOf(kept.at)] || ""]));
  }

  function add(parent, name, text, attributes = {}) {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
  }
  function build() {
    codes.forEach((code, k) => {
      const line = add($("codes"), "div", "", { class: "code" });
      const button = add(line, "button", "", { type: "button", class: "answer", id: `code-${k}` });
      if (KEYS[k]) add(button, "kbd", KEYS[k]);
      add(button, "span", ` ${code.label}`);
      add(button, "br");
      add(button, "span", "", { id: `said-${k}` });
      button.onclick = (event) => {
        answer(k);
        if (event.detail) button.blur();
      };
      const about = add(line, "details");
      add(about, "summary", "Definition and examples");
      add(about, "p", code.definition);
      for (const [name, list] of [["Questions", code.questions], ["Applies to", code.examples], ["Does not apply to", code.counterexamples]]) {
        if (!list.length) continue;
        add(about, "p", `${name}:`);
        const items = add(about, "ul");
        list.forEach((text) => add(items, "li", text));
      }
    });
  }
  function show() {
    const n = kept.at;
    const [, before, text, after] = rows[n];
    $("where").textContent = `${data.unit[0].toUpperCase()}${data.unit.slice(1)} ${n + 1} of ${rows.length}`;
    $("before").textContent = before;
    $("text").textContent = text;
    $("after").textContent = after;
    $("memo").value = kept.memos[unitOf(n)] || "";
    answersOf(n).forEach((value, k) => {
      $(`code-${k}`).dataset.value = value;
      $(`said-${k}`).textContent = SAID[value];
    });
    const done = rows.filter((_, m) => isDone(m)).length;
    $("bar").max = rows.length;
    $("bar").value = done;
    $("progress").textContent = `${done} of ${rows.length} coded.`;
  }
  function tell(text) {
    $("said").textContent = text;
  }

  function answer(k) {
    remember();
    const answers = answersOf(kept.at);
    answers[k] = NEXT[answers[k]];
    setAnswers(kept.at, answers);
    keep();
    show();
    tell(`${codes[k].label}: ${SAID[answers[k]]}`);
  }
  function finish() {
    remember();
    setAnswers(kept.at, answersOf(kept.at).map((one) => one || "0"));
    if (kept.at < rows.length - 1) kept.at += 1;
    else tell("That was the last one. Save your sheet.");
    keep();
    show();
  }
  function go(n) {
    if (n < 0 || n >= rows.length) return;
    kept.at = n;
    keep();
    show();
    tell("");
  }
  function goOpen() {
    const left = rows.map((_, n) => (kept.at + 1 + n) % rows.length).find((n) => !isDone(n));
    if (left === undefined) tell("Every one is coded. Save your sheet.");
    else go(left);
  }
  function undo() {
    if (!past.length) return tell("There is nothing to undo.");
    const [at, unit, answers] = JSON.parse(past.pop());
    kept.at = at;
    kept.answers[unit] = answers;
    keep();
    show();
    tell("Undone.");
  }
  function save() {
    const guard = (text) => (/^['=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text);
    const cell = (text) => {
      const safe = guard(String(text));
      return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    const head = ["unit", "coder", "before", "text", "after", ...codes.map((code) => code.id), "memo", "signature"];
    const lines = rows.map(([unit, ...around], n) => {
      const answers = answersOf(n).map((one) => (one === "?" ? "" : one));
      return [unit, data.coder, ...around, ...answers, kept.memos[unit] || "", data.signature];
    });
    const text = [head, ...lines].map((line) => line.map(cell).join(",")).join("\r\n");
    const file = new Blob([`\ufeff${text}\r\n`], { type: "text/csv" });
    const link = add(document.body, "a", "", { download: `${data.file}.csv`, href: URL.createObjectURL(file), hidden: "" });
    link.click();
    link.remove();
    tell(`${rows.filter((_, n) => isDone(n)).length} of ${rows.length} are in the saved sheet.`);
  }

  const COMMANDS = { ArrowLeft: () => go(kept.at - 1), ArrowRight: () => go(kept.at + 1), Enter: finish, Backspace: undo, "/": () => $("memo").focus(), "+": goOpen, "=": save };
  document.addEventListener("keydown", (event) => {
    const here = event.target;
    if (here.id === "memo") {
      if (event.key === "Escape") here.blur();
      return;
    }
    if (event.altKey || event.metaKey || event.ctrlKey) {
      if (event.ctrlKey && event.key === "z") undo();
      return;
    }
    const pressed = ["Enter", " "].includes(event.key) && here.closest("button, summary, input");
    if (!$("keys").checked || pressed) return;
    const k = event.key.length === 1 ? KEYS.indexOf(event.key) : -1;
    if (k >= 0 && k < codes.length) answer(k);
    else if (COMMANDS[event.key]) COMMANDS[event.key]();
    else return;
    event.preventDefault();
  });
  $("memo").oninput = () => {
    kept.memos[unitOf(kept.at)] = $("memo").value;
    keep();
  };
  for (const [id, run] of Object.entries({ back: COMMANDS.ArrowLeft, done: finish, skip: COMMANDS.ArrowRight, open: goOpen, undo, save })) {
    $(id).onclick = (event) => {
      run();
      if (event.detail) $(id).blur();
    };
  }
  load();
  build();
  show();
})();
