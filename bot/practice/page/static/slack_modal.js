/* The open modal: shown when the server has one, focused, submitted, closed. */

import { $, dialog, form, modal, pane, post } from "./slack_screen.js";
import { settled } from "./slack_fields.js";

const FIRST = "[data-first], .sk-body input, .sk-body textarea, .sk-body button, footer button";
let focused = ""; // the view whose first field has had the focus

export function follow() {
  const shown = form();
  if (!shown) {
    focused = "";
    if (dialog.open) shut();
    return;
  }
  if (!dialog.open) open(dialog);
  if (shown.dataset.view === focused) return;
  focused = shown.dataset.view;
  modal.querySelector(".sk-body").scrollTop = 0;
  shown.querySelector(FIRST)?.focus();
}

/* Over Slack, so that the phones and the steps of the story stay in view. */
export function open(box) {
  const { left, top, width } = pane.getBoundingClientRect();
  box.style.setProperty("--sk-middle", `${left + width / 2}px`);
  box.style.setProperty("--sk-top", `${Math.max(0, top)}px`);
  box.showModal();
}

/* Chromium gives the focus back, but the keyboard follows only when it is given once more. */
function shut() {
  dialog.close();
  const back = document.activeElement;
  back.blur();
  back.focus();
}

async function leave(everything) {
  const { as, view } = form().dataset;
  await post("/slack/view/close", { as, view, everything });
  await page.refresh(modal);
}

async function submit(button) {
  const { as, view } = form().dataset;
  button.setAttribute("aria-busy", "true");
  await settled();
  await post("/slack/view/submit", { as, view });
  await page.refresh(modal);
  button.removeAttribute("aria-busy");
  if (form()?.dataset.view === view) modal.querySelector("[aria-invalid], .sk-wrong input")?.focus();
}

dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  leave("no");
});
dialog.addEventListener("close", () => form() && leave("no"));
dialog.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close]");
  if (button) leave(button.dataset.close);
});
dialog.addEventListener("submit", (event) => {
  event.preventDefault();
  const [button] = event.submitter ? [event.submitter] : $("[type=submit]", event.target);
  submit(button);
});
