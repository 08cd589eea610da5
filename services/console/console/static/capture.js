// Answers as they are given: kept on this device at once, sent when the line allows, shown from the colleague as they come.
//
// Each answer is an operation with its own id. The service keeps the latest answer of a question whatever the order and
// however often an operation arrives, so sending again is always right and nothing here needs to be clever.
"use strict";

const sheet = document.getElementById("sheet");
const words = JSON.parse(document.getElementById("words").textContent);
const queueKey = `amplify.capture.${sheet.dataset.assessment}.${sheet.dataset.person}`;
const editable = sheet.dataset.editable === "yes";
const MOST = 50;
const mostBytes = Number(sheet.dataset.mostBytes); // that one field of a form may take on its way

let clockOffset = Number(sheet.dataset.now) - Date.now(); // the device's clock may be wrong; the server's counts
let sending = false;
let wait = 1000;
let most = MOST;
let timer = 0;

const queue = {
  read: () => JSON.parse(localStorage.getItem(queueKey) || "[]"),
  write: (operations) => localStorage.setItem(queueKey, JSON.stringify(operations)),
  add(operation) {
    // What nobody has seen yet or was refused may be replaced: what is on its way keeps its id and content.
    const others = queue.read().filter((one) => one.question_id !== operation.question_id || (one.sent && !one.refused));
    queue.write([...others, operation]);
  },
  // What was refused stays on this device with the reason, and is sent no more, until it is answered anew.
  refuse(reasons) {
    const all = queue.read().map((one) => (reasons.has(one.operation_id) ? { ...one, refused: reasons.get(one.operation_id) } : one));
    const answeredAnew = (old) => old.refused && all.some((one) => !one.refused && one.question_id === old.question_id);
    queue.write(all.filter((one) => !answeredAnew(one)));
  },
  waiting: () => queue.read().filter((one) => !one.refused),
  refused: () => queue.read().filter((one) => one.refused),
  drop(ids) {
    queue.write(queue.read().filter((one) => !ids.has(one.operation_id)));
  },
};

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

const questions = [...sheet.querySelectorAll("[data-question]")];
const byId = new Map(questions.map((one) => [one.dataset.question, one]));

function valueOf(question) {
  const chosen = question.querySelector("input[type=radio]:checked");
  if (chosen) return chosen.value;
  const typed = question.querySelector("input[data-value]");
  if (!typed || typed.value === "" || !typed.validity.valid) return "";
  return typed.type === "number" ? String(typed.valueAsNumber) : typed.value; // 5.0 and 1e3 are whole numbers too
}

function noteOf(question) {
  return question.querySelector("textarea").value.trim();
}

function put(question, value, note) {
  const radio = [...question.querySelectorAll("input[type=radio]")].find((one) => one.value === value);
  if (radio) radio.checked = true;
  const typed = question.querySelector("input[data-value]");
  if (typed) typed.value = value;
  question.querySelector("textarea").value = note;
  question.querySelector(".note-mark").hidden = note === "";
  question.classList.toggle("answered", value !== "");
}

function tell(question, text, kind = "") {
  const line = question.querySelector(".said");
  line.textContent = text;
  line.dataset.kind = kind;
}

function record(question) {
  const value = valueOf(question);
  if (value === "") {
    const typed = question.querySelector("input[data-value]");
    if (typed && !typed.validity.valid) tell(question, typed.validationMessage, "wrong");
    else if (noteOf(question)) tell(question, words.choose_first, "wait");
    return;
  }
  const operation = {
    operation_id: newId(),
    question_id: question.dataset.question,
    kind: question.dataset.kind,
    value,
    note: noteOf(question),
    answered_at: new Date(Date.now() + clockOffset).toISOString(),
  };
  queue.add(operation);
  put(question, value, operation.note);
  tell(question, words.waiting, "wait");
  progress();
  schedule(300);
}

function schedule(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(send, milliseconds);
}

async function send() {
  if (sending) return;
  const batch = next(queue.waiting());
  if (!batch.length) return;
  sending = true;
  const ids = new Set(batch.map((one) => one.operation_id));
  queue.write(queue.read().map((one) => (ids.has(one.operation_id) ? { ...one, sent: true } : one)));
  try {
    await settle(batch, await post(batch));
  } catch {
    line("lost");
    wait = Math.min(wait * 2, 30000);
  } finally {
    sending = false;
    progress();
    if (queue.waiting().length) schedule(wait);
  }
}

// The first operations, as many as go into one form: the letters of most scripts take nine bytes each on their way.
function next(operations) {
  let batch = operations.slice(0, most);
  while (batch.length > 1 && written(batch).toString().length > mostBytes) {
    batch = batch.slice(0, Math.ceil(batch.length / 2));
  }
  return batch;
}

function written(batch) {
  const plain = batch.map(({ sent, ...operation }) => operation);
  return new URLSearchParams({ operations: JSON.stringify(plain) });
}

function post(batch) {
  return fetch(sheet.dataset.send, {
    method: "POST",
    headers: { "X-CSRF-Token": sheet.dataset.csrf, Accept: "application/json" },
    body: written(batch),
  });
}

async function settle(batch, response) {
  if (response.status === 401 || response.status === 403) {
    line("signed_out");
    wait = 30000;
    return;
  }
  if (response.status === 429 || response.status >= 500) throw new Error(String(response.status));
  if (response.status !== 200 && response.status !== 422) return narrow(batch);
  const body = await response.json();
  if (body.refused) {
    // Nothing was recorded. What is wrong in itself is set aside; the rest is sent again without it.
    if (body.wrong.length) return setAside(new Map(body.wrong.map((one) => [one.operation_id, one.said])));
    line("refused", body.refused);
    wait = 30000;
    return;
  }
  most = MOST;
  queue.drop(new Set(batch.map((one) => one.operation_id)));
  for (const operation of batch) {
    if (!pending(operation.question_id)) tell(byId.get(operation.question_id), words.saved, "good");
  }
  clockOffset = Date.parse(body.now) - Date.now();
  wait = 300;
  settled();
}

// A refusal that names no answer: with fewer at a time the one at fault is found, and all others are saved.
function narrow(batch) {
  if (batch.length === 1) return setAside(new Map([[batch[0].operation_id, words.unreadable_answer]]));
  most = Math.floor(batch.length / 2);
  wait = 300;
}

function setAside(reasons) {
  queue.refuse(reasons);
  for (const operation of queue.refused()) say(operation);
  most = MOST;
  wait = 300;
  settled();
}

function say(operation) {
  const question = byId.get(operation.question_id);
  if (!question) return;
  if (operation.refused) tell(question, operation.refused, "wrong");
  else tell(question, words.waiting, "wait");
}

function settled() {
  line(queue.refused().length ? "wrong" : "good");
}

function pending(questionId) {
  return queue.read().some((one) => one.question_id === questionId);
}

// What the colleague answers appears here; what waits on this device or is being typed stays as it is.
async function refresh() {
  let response;
  try {
    response = await fetch(sheet.dataset.answers, { headers: { Accept: "application/json" } });
  } catch {
    line("lost");
    return;
  }
  if (response.status === 401) return line("signed_out");
  if (!response.ok) return line("lost");
  const body = await response.json();
  clockOffset = Date.parse(body.now) - Date.now();
  for (const answer of body.answers) {
    const question = byId.get(answer.question_id);
    if (!question || pending(answer.question_id) || question.dataset.operation === answer.operation_id) continue;
    if (question.contains(document.activeElement) && /^(TEXTAREA|INPUT)$/.test(document.activeElement.tagName)) {
      if (document.activeElement.type !== "radio") continue;
    }
    question.dataset.operation = answer.operation_id;
    put(question, answer.value, answer.note);
    tell(question, answer.mine ? words.saved : words.colleague, answer.mine ? "good" : "other");
  }
  if (!queue.waiting().length) settled();
  if (body.state !== sheet.dataset.state) location.reload();
  progress();
}

function progress() {
  const asked = questions.filter((one) => one.dataset.scored === "yes");
  const done = asked.filter((one) => one.classList.contains("answered")).length;
  document.getElementById("answered").textContent = done;
  document.getElementById("bar").value = done;
  const waiting = queue.waiting().length;
  const note = document.getElementById("waiting");
  note.hidden = waiting === 0;
  note.querySelector("b").textContent = waiting;
  for (const link of document.querySelectorAll("[data-point-link]")) {
    const inside = [...document.querySelectorAll(`[data-point="${link.dataset.pointLink}"] [data-question]`)];
    link.querySelector(".count").textContent = `${inside.filter((one) => one.classList.contains("answered")).length}/${inside.length}`;
  }
}

function line(state, detail = "") {
  const bar = document.getElementById("line");
  bar.dataset.state = state;
  bar.textContent = state === "refused" ? detail : words[`line_${state}`];
}

// Keys: 1-4 answer the question at hand, j and k move on and back, n opens the note.
function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  if (event.target.tagName === "INPUT" && event.target.type !== "radio" && event.target.type !== "checkbox") return;
  const visible = questions.filter((one) => one.offsetParent !== null);
  const here = visible.findIndex((one) => one.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const next = visible[Math.max(0, Math.min(visible.length - 1, here + (event.key === "j" ? 1 : -1)))];
    if (next) focusOn(next);
  } else if (here >= 0 && /^[1-4]$/.test(event.key)) {
    const radio = visible[here].querySelectorAll("input[type=radio]")[Number(event.key) - 1];
    if (!radio || radio.disabled) return;
    radio.checked = true;
    radio.focus();
    record(visible[here]);
  } else if (here >= 0 && event.key === "n") {
    visible[here].querySelector("details").open = true;
    visible[here].querySelector("textarea").focus();
  } else return;
  event.preventDefault();
}

function focusOn(question) {
  (question.querySelector("input[type=radio]:checked") || question.querySelector("input")).focus({ preventScroll: true });
  question.scrollIntoView({ block: "center" });
}

if (editable) {
  sheet.addEventListener("change", (event) => {
    const question = event.target.closest("[data-question]");
    if (question) record(question);
  });
  document.addEventListener("keydown", keys);
  for (const operation of queue.read()) {
    const question = byId.get(operation.question_id);
    if (!question) continue;
    put(question, operation.value, operation.note);
    say(operation);
  }
  window.addEventListener("online", () => schedule(0));
  schedule(0);
}
document.getElementById("open-only").addEventListener("change", (event) => {
  sheet.classList.toggle("open-only", event.target.checked);
});
sheet.addEventListener("poll", refresh);
progress();
