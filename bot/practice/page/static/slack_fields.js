/* Fields of forms: each change is told to the server, one request a field at a time, the newest last. */

import { $, form, modal, pane, post, scopeOf } from "./slack_screen.js";

const PAUSE_MS = 120;
const telling = new Map(); // field -> { running, next }
const typing = new Map(); // field -> { now, id }: what will be told of it in a moment

export const fieldOf = (node) => node.closest("[data-field]");
export const isTelling = (field) => typing.has(field) || telling.has(field);

export function enter(field, data) {
  const known = telling.get(field);
  if (known) {
    known.next = data;
    return;
  }
  const fresh = { next: data };
  telling.set(field, fresh);
  fresh.running = tellAll(field, fresh);
}

async function tellAll(field, known) {
  const about = scopeOf(field);
  const { block, action } = field.dataset;
  while (known.next) {
    const body = [...Object.entries({ ...about, block, action }), ...known.next];
    known.next = null;
    await post(about.view ? "/slack/view/enter" : "/slack/choose", body);
  }
  telling.delete(field);
  page.refresh(about.view ? modal : pane);
}

function enterSoon(field, data) {
  clearTimeout(typing.get(field)?.id);
  const now = () => {
    clearTimeout(typing.get(field)?.id);
    typing.delete(field);
    enter(field, data());
  };
  typing.set(field, { now, id: setTimeout(now, PAUSE_MS) });
}

/* Until the server knows all that was entered. */
export async function settled() {
  for (const { now } of [...typing.values()]) now();
  while (telling.size) await Promise.all([...telling.values()].map((known) => known.running));
}

const ticked = (field) => $("input:checked", field).map((input) => ["value", input.value]);

function moment(field, target) {
  const [day, hour] = ["[data-day]", "[data-hour]"].map((part) => field.querySelector(part));
  if (day && !day.validity.valid) return null; // a year that is still being typed
  const cleared = target === day && !day.value;
  return [["day", day?.value ?? ""], ["hour", cleared ? "" : (hour?.value ?? "")]];
}

function changed(event) {
  const { target } = event;
  const field = fieldOf(target);
  if (!field || target.closest("[data-menu]")) return;
  if ("text" in target.dataset) {
    count(target);
    if (event.type === "input") enterSoon(field, () => [["text", target.value]]);
  } else if (event.type === "change") {
    const data = target.matches("[data-day], [data-hour]") ? moment(field, target) : ticked(field);
    if (data) enter(field, data);
  }
}

function count(input) {
  const left = Number(input.dataset.most) - input.value.length;
  const box = input.parentElement.querySelector(".sk-left");
  if (box) box.textContent = left < 200 ? String(left) : "";
}

/* Fields that nobody is typing in show what holds: the app may have changed it. */
export function sync() {
  for (const input of $("[data-field] input, [data-field] textarea", modal)) {
    if (input === document.activeElement || isTelling(fieldOf(input))) continue;
    if (input.matches("[type=radio], [type=checkbox]")) input.checked = input.hasAttribute("checked");
    else if (input.value !== input.defaultValue) input.value = input.defaultValue;
  }
  $("[data-text]", modal).forEach(count);
}

/* Enter hands a form in, unless the app listens to Enter in this very field. */
function enterKey(event) {
  const { target } = event;
  const multiline = target.nodeName === "TEXTAREA";
  if (multiline && (event.ctrlKey || event.metaKey)) form()?.requestSubmit();
  if (multiline || !target.closest("[data-heard]")) return;
  event.preventDefault();
  enter(fieldOf(target), [["text", target.value], ["key", "Enter"]]);
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("[data-text]")) enterKey(event);
});
