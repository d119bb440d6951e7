/* What Slack's scripts share: the screen, the dialog of the open modal, and telling the server. */

export const $ = (selector, root = document) => [...root.querySelectorAll(selector)];

export const pane = document.getElementById("slack");
export const screen = () => pane.querySelector(".sk")?.dataset ?? {};

export const dialog = document.createElement("dialog");
dialog.className = "sk-dialog";
dialog.innerHTML = '<div data-region="slack-modal" data-src="/fragment/slack-modal"></div>';
dialog.setAttribute("aria-labelledby", "sk-modal-title");
document.body.append(dialog);

/* The open modal is a region of its own, inside the dialog. */
export const modal = dialog.firstElementChild;
export const form = () => modal.querySelector("form[data-view]");

/* What a button, a field or a message belongs to, as acts name it. */
export function scopeOf(node) {
  const { as, place } = screen();
  const scope = node.closest("[data-view], [data-ts]").dataset;
  return scope.view ? { as, view: scope.view } : { as, place, ts: scope.ts };
}

/* True if it worked; else the reason is shown, in the modal where one is open. */
export async function post(url, data) {
  let why = "";
  try {
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(data) });
    if (!answer.ok) why = (await answer.json()).error;
  } catch {
    why = "Nobody answers: is `make run` still running?";
  }
  const trouble = modal.querySelector(".sk-trouble");
  if (why && dialog.open && trouble) trouble.textContent = why;
  else if (why) page.toast(why);
  return !why;
}

export function refresh() {
  page.refresh(pane);
  page.refresh(modal);
}
