/* The box one writes in: messages, and commands with the ways to use them. */

import { $, dialog, pane, post, refresh, screen } from "./slack_screen.js";

const drafts = new Map(); // box -> what is half typed in it, while another place is shown
const touch = matchMedia("(pointer: coarse)");
let wanted = false; // somebody went elsewhere and will want to write there

const listOf = (write) => write.querySelector(".sk-commands");
const waysOf = (write) => $("[data-typed]", write).filter((way) => !way.hidden);

function fit(text) {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight + 2, 160)}px`;
}

/* Offer what begins like this, and go on showing the hint of the way that was taken. */
function suggest(write) {
  const list = listOf(write);
  if (!list) return;
  const typed = write.text.value;
  const under = (way) => "more" in way.dataset && typed.startsWith(`${way.dataset.typed} `);
  const ways = $("[data-typed]", list);
  const longest = Math.max(0, ...ways.filter(under).map((way) => way.dataset.typed.length));
  for (const way of ways) {
    const whole = way.dataset.typed;
    way.hidden = !(whole.startsWith(typed) || (under(way) && whole.length === longest));
  }
  list.hidden = !typed.startsWith("/") || typed.includes("\n") || !waysOf(write).length;
  choose(write, null);
}

function choose(write, way) {
  for (const other of $("[data-typed]", write)) other.setAttribute("aria-selected", String(other === way));
  write.text.setAttribute("aria-expanded", String(!listOf(write).hidden));
  if (way) write.text.setAttribute("aria-activedescendant", way.id);
  else write.text.removeAttribute("aria-activedescendant");
}

function take(write, way) {
  const more = "more" in way.dataset;
  write.text.value = `${way.dataset.typed}${more ? " " : ""}`;
  write.text.focus();
  suggest(write);
  if (!more) hide(write);
}

function hide(write) {
  listOf(write).hidden = true;
  choose(write, null);
}

function key(event, write) {
  const open = listOf(write) && !listOf(write).hidden;
  const ways = open ? waysOf(write) : [];
  const at = ways.findIndex((way) => way.ariaSelected === "true");
  const goes = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1 }[event.key];
  const begun = write.text.value;
  const fitting = ways.find((way) => !begun.endsWith(" ") && way.dataset.typed.startsWith(begun));
  const completes = event.key === "Tab" && !event.shiftKey && (ways[at] ?? fitting);
  if (open && goes !== undefined) {
    event.preventDefault();
    choose(write, ways.at(goes % ways.length));
  } else if (open && event.key === "Escape") {
    hide(write);
  } else if (completes) {
    event.preventDefault();
    take(write, completes);
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (at >= 0) take(write, ways[at]);
    else send(write, write.text.value);
  }
}

async function send(write, typed) {
  if (!typed.trim() || write.getAttribute("aria-busy") === "true") return;
  const { as, place } = screen();
  const { thread = "" } = write.dataset;
  write.setAttribute("aria-busy", "true");
  if (listOf(write)) hide(write);
  const sent = await post("/slack/say", { as, place, thread, text: typed });
  write.removeAttribute("aria-busy");
  if (sent && write.text.value.trim() && typed.includes(write.text.value.trim())) {
    write.text.value = "";
    drafts.delete(write.id);
    fit(write.text);
  }
  refresh();
}

/* The button of a command takes what was typed along. */
function run(button) {
  const write = button.closest("form");
  const typed = write.text.value.trim();
  send(write, typed.startsWith("/") ? typed : `${button.dataset.command} ${typed}`.trim());
}

/* After a swap: what was half typed is back, and one can write where one went. */
export function resume() {
  for (const write of $("form[data-write]", pane)) {
    if (write.text.value || !drafts.has(write.id)) continue;
    write.text.value = drafts.get(write.id);
    fit(write.text);
  }
  if (!wanted || dialog.open || touch.matches) return;
  wanted = false;
  $("form[data-write]", pane).at(-1)?.text.focus();
}

pane.addEventListener("input", (event) => {
  const write = event.target.closest("form[data-write]");
  if (!write) return;
  drafts.set(write.id, event.target.value);
  fit(event.target);
  suggest(write);
});
pane.addEventListener("keydown", (event) => {
  const write = event.target.closest("form[data-write]");
  if (write && event.target === write.text) key(event, write);
});
pane.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-write]")) return;
  event.preventDefault();
  send(event.target, event.target.text.value);
});
pane.addEventListener("click", (event) => {
  const way = event.target.closest(".sk-commands [data-typed]");
  const command = event.target.closest("[data-command]");
  if (way) take(way.closest("form"), way);
  if (command) run(command);
  if (event.target.closest("[data-go]")) wanted = true;
});
