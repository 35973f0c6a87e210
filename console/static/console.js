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

// An address says only what was filled in.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
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
const arrived = () => document.getElementById("coming")?.classList.remove("awaited");
document.addEventListener("click", (event) => {
  preuve.stays = Boolean(event.target.closest?.("a[download]"));
});
globalThis.addEventListener("beforeunload", () => {
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
  preuve.labelling = requestAnimationFrame(labelCells);
}).observe(document, { childList: true, subtree: true });

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
