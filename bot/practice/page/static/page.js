/* What makes the page live. Everything shown is HTML from the server, in regions:

     <section id="slack" data-region="slack" data-src="/fragment/slack?as=U0BEN"></section>

   A region is fetched when the page opens, after every server-sent event, and every `data-every`
   seconds where that is given. In a region:

     <form data-act action="/phone/1/write">     posts it by fetch, with the button that was pressed; an
                                                 `error` in the JSON that comes back is shown as a
                                                 toast, `go` (region: address) is gone to.
                                                 `data-act="change"` posts when a field changes.
     <button data-go="/fragment/phones?who=1">   shows another address in this region, or in the one
                                                 that `data-in` names, from now on.
     <form data-go action="/fragment/inspector"> the same, with its fields as the query, as one types.
     <details data-src="/inspector/7">           fetched into its `[data-body]` when first opened.
     <ol data-stick>                             stays scrolled to its end while it is there; what is
                                                 opened in it comes into view.
     <div data-keep>                             belongs to a script: its inside is left alone.

   For scripts: `page.swap(region, html)` changes only what differs, so that focus, caret, scrolling
   and what is half typed stay. Elements are matched by `id` or `data-key`, else by their order; a
   field whose key changes is a new field. `page.refresh(region)`, `page.go(region, src)`,
   `page.act(url, data)`, `page.toast(sentence)`. After a swap the region gets the event `swapped`. */

"use strict";

const page = (() => {
  const $ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = new WeakMap(); // region -> the HTML it shows
  const asked = new WeakMap(); // region -> "asking" while a fetch runs, "again" if one is wanted after

  // --- swapping -------------------------------------------------------------------------------

  const keyOf = (node) => (node.nodeType === 1 ? node.id || node.dataset.key || "" : "");
  const alike = (a, b) => a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

  function morph(from, to) {
    if (from.nodeType !== 1) {
      if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
      return;
    }
    if ("keep" in from.dataset) return;
    for (const { name } of [...from.attributes])
      if (!to.hasAttribute(name) && !owned(from, name)) from.removeAttribute(name);
    for (const { name, value } of to.attributes)
      if (from.getAttribute(name) !== value && !owned(from, name)) from.setAttribute(name, value);
    morphChildren(from, to);
  }

  // Opened and closed by people, not by the server.
  const owned = (node, name) => name === "open" && node.nodeName === "DETAILS";

  function morphChildren(from, to) {
    const keyed = new Map();
    for (const child of from.children) if (keyOf(child)) keyed.set(keyOf(child), child);
    let next = from.firstChild;
    for (const wanted of [...to.childNodes]) {
      const known = keyed.get(keyOf(wanted));
      const match =
        known && alike(known, wanted) ? known : next && !keyOf(next) && alike(next, wanted) ? next : null;
      if (!match) {
        from.insertBefore(wanted, next);
        continue;
      }
      if (match === next) next = next.nextSibling;
      else from.insertBefore(match, next);
      morph(match, wanted);
    }
    while (next) {
      const gone = next;
      next = next.nextSibling;
      gone.remove();
    }
  }

  const atEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 40;

  function swap(region, html) {
    if (shown.get(region) === html) return;
    shown.set(region, html);
    const stuck = new Map($("[data-stick]", region).map((list) => [list.dataset.stick, atEnd(list)]));
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    morphChildren(region, fresh.content);
    for (const list of $("[data-stick]", region))
      if (stuck.get(list.dataset.stick) ?? true) list.scrollTop = list.scrollHeight;
    region.dispatchEvent(new CustomEvent("swapped", { bubbles: true }));
  }

  // --- fetching -------------------------------------------------------------------------------

  const regionOf = (name) => document.querySelector(`[data-region="${CSS.escape(name)}"]`);

  async function refresh(region) {
    if (asked.get(region)) {
      asked.set(region, "again");
      return;
    }
    do {
      asked.set(region, "asking");
      const src = region.dataset.src;
      try {
        const answer = await fetch(src);
        const html = await answer.text();
        if (answer.ok && src === region.dataset.src) swap(region, html);
        if (src !== region.dataset.src) asked.set(region, "again");
      } catch {
        break; // the page says elsewhere that nobody answers
      }
    } while (asked.get(region) === "again");
    asked.delete(region);
  }

  const refreshAll = () => $("[data-region]").forEach(refresh);

  function go(region, src) {
    region.dataset.src = src;
    return refresh(region);
  }

  async function act(url, data) {
    try {
      const answer = await fetch(url, { method: "POST", body: new URLSearchParams(data) });
      const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
      if (told.error || !answer.ok) toast(told.error || `That did not work (${answer.status}).`);
      for (const [name, src] of Object.entries(told.go || {})) go(regionOf(name), src);
      refreshAll();
      return answer.ok && !told.error;
    } catch {
      toast("Nobody answers: is `make run` still running?");
      return false;
    }
  }

  function toast(sentence) {
    const box = document.getElementById("toasts");
    const line = document.createElement("p");
    line.textContent = sentence;
    box.append(line);
    setTimeout(() => line.remove(), 8000);
  }

  // --- people ---------------------------------------------------------------------------------

  async function send(form, submitter) {
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    const done = await act(form.getAttribute("action"), new FormData(form, submitter));
    form.removeAttribute("aria-busy");
    if (done && form.dataset.act !== "change") form.reset();
  }

  function show(element, src) {
    const name = element.dataset.in;
    return go(name ? regionOf(name) : element.closest("[data-region]"), src);
  }

  const query = (form) => `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("act" in form.dataset) && !("go" in form.dataset)) return;
    event.preventDefault();
    if ("go" in form.dataset) show(form, query(form));
    else send(form, event.submitter);
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-go]");
    if (form) show(form, query(form));
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest('form[data-act="change"]');
    if (form) send(form);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-go]");
    if (button) show(button, button.dataset.go);
  });
  document.addEventListener(
    "toggle",
    async (event) => {
      if (event.target.open && event.target.closest("[data-stick]"))
        event.target.scrollIntoView({ block: "nearest" });
      const { src } = event.target.dataset ?? {};
      const body = src && event.target.open && event.target.querySelector("[data-body]:empty");
      if (body) body.innerHTML = await (await fetch(src)).text();
    },
    true,
  );

  // --- beginning ------------------------------------------------------------------------------

  document.addEventListener("DOMContentLoaded", () => {
    refreshAll();
    for (const region of $("[data-every]")) setInterval(() => refresh(region), region.dataset.every * 1000);
    const events = new EventSource("/events");
    events.onmessage = refreshAll;
    events.onopen = () => document.body.classList.remove("alone");
    events.onerror = () => document.body.classList.add("alone");
    window.addEventListener("pagehide", () => events.close());
  });

  return { swap, refresh, go, act, toast };
})();
