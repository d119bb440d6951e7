/* Buttons of messages and modals, with Slack's "are you sure?" before those that ask for it. */

import { $, post, refresh, scopeOf } from "./slack_screen.js";
import { settled } from "./slack_fields.js";
import { open } from "./slack_modal.js";

async function press(button) {
  if (button.dataset.confirm && !(await sure(JSON.parse(button.dataset.confirm)))) return;
  const { press: action, block, option } = button.dataset;
  const about = scopeOf(button);
  button.closest("details")?.removeAttribute("open");
  button.setAttribute("aria-busy", "true");
  if (about.view) await settled();
  const data = { ...about, action, block, ...(option ? { option } : {}) };
  await post(about.view ? "/slack/view/click" : "/slack/click", data);
  button.removeAttribute("aria-busy");
  refresh();
}

/* As the app words it; `text` is HTML that the server made safe. */
function sure({ title, text, confirm, deny, style }) {
  const box = document.createElement("dialog");
  box.className = "sk-dialog sk-sure";
  box.setAttribute("aria-label", title);
  box.innerHTML = `<form method="dialog" class="sk-modal"><header><h2></h2></header>
    <div class="sk-body sk-text">${text}</div>
    <footer><button class="sk-button" value="no"></button><button class="sk-button" value="yes" autofocus></button></footer></form>`;
  const [no, yes] = $("button", box);
  box.querySelector("h2").textContent = title;
  no.textContent = deny;
  yes.textContent = confirm;
  yes.classList.add(style);
  document.body.append(box);
  open(box);
  return new Promise((tell) => {
    box.addEventListener("close", () => {
      box.remove();
      tell(box.returnValue === "yes");
    });
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-press]");
  if (button) press(button);
  const chosen = event.target.closest("[data-shortcut]");
  if (chosen) {
    chosen.closest("details").removeAttribute("open");
    page.act("/slack/shortcut", { ...scopeOf(chosen), shortcut: chosen.dataset.shortcut });
  }
  const dismissed = event.target.closest("[data-dismiss]");
  if (dismissed) page.act("/slack/dismiss", scopeOf(dismissed));
});
