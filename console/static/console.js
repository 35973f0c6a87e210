"use strict";
// What pages do in the browser that the server need not know of.

const preuve = (globalThis.preuve = {});

// The session ended: the page stays as it is below the dialog. Once the person has signed in in
// another window, the connection is made anew, with the new session.
preuve.signedOut = () => {
  const dialog = document.getElementById("signed-out");
  if (!dialog.open) dialog.showModal();
};

async function goOnOnceSignedIn() {
  const dialog = document.getElementById("signed-out");
  if (!dialog?.open || document.hidden) return;
  const answer = await fetch("/console/session", { cache: "no-store" });
  if (!answer.ok) return;
  dialog.close();
  const socket = globalThis.socket;
  if (!socket) return;
  // Without the number of the last message the server would have the page loaded anew.
  socket.io.opts.query.next_message_id = globalThis.nextMessageId;
  socket.disconnect().connect();
}

// The connection broke, and is refused because the session ended meanwhile.
globalThis.addEventListener("load", () => {
  globalThis.socket?.on("connect_error", async () => {
    // Where the server itself is gone, nobody can say.
    const answer = await fetch("/console/session", { cache: "no-store" }).catch(() => null);
    if (answer?.status === 401) preuve.signedOut();
  });
});

document.addEventListener("visibilitychange", goOnOnceSignedIn);
globalThis.addEventListener("focus", goOnOnceSignedIn);
// The same person may have gone on meanwhile in another window.
globalThis.addEventListener("focus", () => globalThis.emitEvent?.("came_back"));

// An address says only what was filled in.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});

// The page may have another address than when it was drawn: what leads back to it goes there.
document.addEventListener("submit", ({ target }) => {
  const back = target.elements.next;
  if (back && document.querySelector(".bar")) back.value = location.pathname + location.search;
});

// In a narrow window the rooms are a row to be scrolled: the present one is shown.
globalThis.addEventListener("load", () => {
  const rooms = document.querySelector(".rooms");
  const here = rooms?.querySelector(".here");
  if (here) rooms.scrollLeft = here.offsetLeft - rooms.offsetLeft - 40;
});

// A page that is asked for and does not come at once, or is not drawn yet: a line says so. What is
// downloaded leaves the page where it is.
preuve.stays = false;
// What was typed within `data-unsaved` is saved by a button only: it is not left unasked.
preuve.unsaved = false;
const arrived = () => document.getElementById("coming")?.classList.remove("awaited");
document.addEventListener("click", (event) => {
  preuve.stays = Boolean(event.target.closest?.("a[download]"));
});
document.addEventListener("input", (event) => {
  if (event.target.closest?.("[data-unsaved]")) preuve.unsaved = true;
});
globalThis.addEventListener("beforeunload", (event) => {
  // A box tells what was typed in it when it is left, and it is left now.
  if (!preuve.stays && document.activeElement?.matches("input, textarea")) {
    document.activeElement.blur();
  }
  if (preuve.unsaved && !preuve.stays) return event.preventDefault();
  if (!preuve.stays) document.getElementById("coming")?.classList.add("awaited");
});
globalThis.addEventListener("pageshow", (event) => {
  if (event.persisted) arrived();
});

// Each cell of a list says its column, for windows in which rows are drawn as cards.
function labelCells() {
  for (const table of document.querySelectorAll("table.list:not(.values, .receipts)")) {
    const heads = table.querySelectorAll("thead th");
    for (const row of heads.length ? table.tBodies[0]?.rows ?? [] : []) {
      [...row.cells].forEach((cell, at) => {
        cell.dataset.label ??= heads[at]?.firstChild?.textContent ?? "";
      });
    }
  }
}
new MutationObserver(() => {
  if (!preuve.drawn && document.querySelector(".bar")) {
    preuve.drawn = true;
    arrived();
  }
  cancelAnimationFrame(preuve.labelling);
  preuve.labelling = requestAnimationFrame(() => {
    labelCells();
    keepFocus();
  });
}).observe(document, { childList: true, subtree: true });

// What has the focus may be drawn anew, or taken away, while the person is there: what stands in
// its place has the focus then, else what came after or before it, else what it stood in. Within
// `data-anew` another thing is shown: there the focus is let go.
const CAN_HAVE = "a[href], button, input, select, textarea, summary, [tabindex]";
const nameOf = (element) =>
  [
    element.localName,
    element.id.replace(/^c\d+$/, "") ||
      (element.getAttribute("aria-label") ?? element.getAttribute("href") ?? element.textContent),
  ].join();
let held = null;

document.addEventListener("focusin", ({ target }) => {
  const around = [];
  for (let at = target.parentElement; at?.closest("#content"); at = at.parentElement) around.push(at);
  held = around.length ? { target, around } : null;
});
document.addEventListener("focusout", ({ target }) => {
  const left = held;
  setTimeout(() => {
    if (held === left && target.isConnected) held = null;
  });
});

function keepFocus() {
  if (!held || held.target.isConnected || document.activeElement !== document.body) return;
  const { target, around } = held;
  held = null;
  const within = around.find((one) => one.isConnected);
  const gone = around.findLast((one) => !one.isConnected);
  if (!within || "anew" in within.dataset) return;
  const order = gone ? [...gone.querySelectorAll(CAN_HAVE)] : [target];
  const at = order.indexOf(target);
  const there = new Map();
  for (const one of within.querySelectorAll(CAN_HAVE)) {
    const name = nameOf(one);
    if (!there.has(name) && !one.disabled && one.checkVisibility()) there.set(name, one);
  }
  const next = [...order.slice(at), ...order.slice(0, at).reverse()];
  const found = next.map(nameOf).find((name) => there.has(name));
  if (!found) within.tabIndex = -1;
  (there.get(found) ?? within).focus({ preventScroll: true });
}

// Boxes for days follow the browser's language, not the page's: the day is written out beside them.
document.addEventListener("change", (event) => {
  const box = event.target;
  const told = box.type === "date" && document.querySelector(`output[for="${box.id}"]`);
  if (!told) return;
  const form = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeZone: "UTC",
  });
  told.textContent = box.valueAsDate ? form.format(box.valueAsDate) : "";
});
