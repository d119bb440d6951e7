/* Slack's side of the page, on top of page.js. The server's HTML says what holds; these modules tell
   the server what people do, and show the open modal in one <dialog>. */

import { modal, pane, screen } from "./slack_screen.js";
import { sync } from "./slack_fields.js";
import { markAll } from "./slack_menus.js";
import { follow } from "./slack_modal.js";
import { resume } from "./slack_writing.js";
import "./slack_buttons.js";

const KEPT = "slack"; // where in Slack one was, for a reload

pane.addEventListener("swapped", () => {
  const { as, place, thread = "" } = screen();
  const src = `/fragment/slack-modal?${new URLSearchParams({ as })}`;
  if (modal.dataset.src !== src) page.go(modal, src);
  sessionStorage.setItem(KEPT, `/fragment/slack?${new URLSearchParams({ as, place, thread })}`);
  markAll();
  resume();
});
modal.addEventListener("swapped", () => {
  sync();
  markAll();
  follow();
});

pane.dataset.src = sessionStorage.getItem(KEPT) ?? pane.dataset.src;
