/* Menus that open: searched as one types, by the options at hand or by asking the app. */

import { $, form } from "./slack_screen.js";
import { enter, fieldOf, isTelling } from "./slack_fields.js";

const note = (sentence) => `<li class="sk-none">${sentence}</li>`;
const parts = (menu) => [menu.querySelector("[role=combobox]"), menu.querySelector("[role=listbox]")];
const offers = (menu) => $("[role=option]", parts(menu)[1]).filter((option) => !option.hidden);
const activeIn = (menu) => menu.querySelector(".sk-active");
const chosenIn = (menu) => $(".sk-chosen [data-value]", menu).map((chip) => chip.dataset.value);
const menuOf = (node) => node.closest?.("[data-menu]");
let asked = 0;

async function open(menu, typed) {
  const [input, list] = parts(menu);
  if ("asks" in menu.dataset) list.innerHTML = await found(menu, typed, list);
  else narrow(menu, typed, list);
  if (document.activeElement !== input) return;
  $("[role=option]", list).forEach((option, number) => (option.id = `${list.id}-${number}`));
  list.hidden = false;
  list.scrollIntoView({ block: "nearest" });
  const chosen = !typed && offers(menu).find((option) => option.ariaSelected === "true");
  activate(menu, chosen || offers(menu)[0]);
}

function narrow(menu, typed, list) {
  list.innerHTML = menu.querySelector("[data-all]").innerHTML;
  const wanted = typed.toLowerCase();
  for (const option of $("[role=option]", list))
    option.hidden = !option.textContent.toLowerCase().includes(wanted);
  if (!offers(menu).length) list.innerHTML = note("No results");
}

async function found(menu, typed, list) {
  if (typed.length < Number(menu.dataset.least)) return note("Keep typing…");
  const number = ++asked;
  const { block, action } = fieldOf(menu).dataset;
  const { as, view } = form().dataset;
  const query = new URLSearchParams({ as, view, block, action, q: typed });
  const answer = await fetch(`/slack/options?${query}`).catch(() => null);
  if (number !== asked) return list.innerHTML; // something else was typed meanwhile
  return answer?.ok ? answer.text() : note("The options could not be loaded.");
}

function activate(menu, option) {
  activeIn(menu)?.classList.remove("sk-active");
  option?.classList.add("sk-active");
  option?.scrollIntoView({ block: "nearest" });
  mark(menu);
}

/* Says to assistive technology what the eye sees; a swap takes it away. */
function mark(menu) {
  const [input, list] = parts(menu);
  input.setAttribute("aria-expanded", String(!list.hidden));
  const active = !list.hidden && activeIn(menu);
  if (active) input.setAttribute("aria-activedescendant", active.id);
  else input.removeAttribute("aria-activedescendant");
}

export const markAll = () => $("[data-menu]").forEach(mark);

function close(menu) {
  parts(menu)[1].hidden = true;
  mark(menu);
}

const typedIn = (input) => ["typed", input.value === input.defaultValue ? "" : input.value];

function pick(menu, option) {
  const [input] = parts(menu);
  const { value } = option.dataset;
  if ("many" in menu.dataset) {
    const before = chosenIn(menu);
    const after = before.includes(value) ? before.filter((v) => v !== value) : [...before, value];
    enter(fieldOf(menu), [...after.map((v) => ["value", v]), typedIn(input)]);
    input.value = "";
  } else {
    enter(fieldOf(menu), [["value", value], typedIn(input)]);
    input.value = option.querySelector("span").textContent;
  }
  close(menu);
}

function drop(menu, value) {
  const left = chosenIn(menu).filter((v) => v !== value);
  enter(fieldOf(menu), left.map((v) => ["value", v]));
}

function key(event, menu) {
  const [input, list] = parts(menu);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    if (list.hidden) return void open(menu, "");
    const options = offers(menu);
    activate(menu, options[(options.indexOf(activeIn(menu)) + step + options.length) % options.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (!list.hidden && activeIn(menu)) pick(menu, activeIn(menu));
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault(); // the list closes, the modal stays
    input.value = input.defaultValue;
    close(menu);
  } else if (event.key === "Backspace" && !input.value && "many" in menu.dataset) {
    drop(menu, chosenIn(menu).at(-1));
  }
}

/* What was typed and not chosen is gone; a field that may be empty can be emptied. */
function left(menu) {
  const [input] = parts(menu);
  close(menu);
  if (isTelling(fieldOf(menu))) return;
  const emptied = !input.value && input.defaultValue && input.getAttribute("aria-required") !== "true";
  if (emptied) enter(fieldOf(menu), [["typed", ""]]);
  else input.value = input.defaultValue;
}

document.addEventListener("input", (event) => {
  const menu = menuOf(event.target);
  if (menu) open(menu, event.target.value);
});
document.addEventListener("click", (event) => {
  const menu = menuOf(event.target);
  const gone = event.target.closest("[data-drop]");
  if (gone) drop(menu, gone.dataset.drop);
  else if (menu && event.target.matches("[role=combobox]")) open(menu, "");
});
document.addEventListener("mousedown", (event) => {
  if (event.target.closest("[role=listbox]")) event.preventDefault(); // the focus stays in the field
  const option = event.target.closest("[data-menu] [role=option]");
  if (option) pick(menuOf(option), option);
});
document.addEventListener("keydown", (event) => {
  const menu = menuOf(event.target);
  if (menu && event.target.matches("[role=combobox]")) key(event, menu);
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-menu] [role=combobox]")) event.target.select();
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-menu] [role=combobox]")) left(menuOf(event.target));
});
