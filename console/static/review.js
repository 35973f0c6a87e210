"use strict";
// The review by keyboard: a key presses the button that names it; panels and values open here.

preuve.review = (() => {
  const shows = (element) => element.offsetParent !== null;
  const named = (key) =>
    [...document.querySelectorAll("[data-keys]")].find(
      (button) => button.dataset.keys.split(" ").includes(key) && shows(button) && !button.disabled,
    );
  const fields = () => [...document.querySelectorAll(".review [data-field]")];

  function close() {
    for (const panel of document.querySelectorAll(".review-panel")) panel.hidden = true;
    for (const opener of document.querySelectorAll("[data-opens]")) {
      opener.setAttribute("aria-expanded", "false");
    }
  }

  function open(opener) {
    const panel = document.getElementById(opener.dataset.opens);
    const opened = !panel.hidden;
    close();
    panel.hidden = opened;
    opener.setAttribute("aria-expanded", String(!opened));
    if (!opened) panel.scrollIntoView({ block: "nearest" });
  }

  function edit() {
    const first = document.querySelector(".review [data-doubt]") ?? fields()[0];
    first?.focus();
    first?.select?.();
  }

  // Up and down go through what else the paper may say.
  function choose(input, step) {
    const options = [input.defaultChoice ?? input.value, ...JSON.parse(input.dataset.options)];
    input.defaultChoice ??= input.value;
    const at = (options.indexOf(input.value) + step + options.length) % options.length;
    input.value = options[at];
    input.dispatchEvent(new Event("input"));
    input.select();
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    if (opener) open(opener);
    if (event.target.closest?.("[data-edits]")) edit();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (target.closest("dialog, header, .paper-words")) return;
    if (target.matches("input, textarea, select")) {
      if (event.key === "Escape" || (event.key === "Enter" && !target.dataset.enter)) {
        event.preventDefault();
        target.blur();
      } else if (target.dataset.options && /^Arrow(Up|Down)$/.test(event.key)) {
        event.preventDefault();
        choose(target, event.key === "ArrowDown" ? 1 : -1);
      }
      return;
    }
    if (event.key === "Escape") return close();
    if (event.repeat || (target.matches("button, a, summary") && /^(Enter| )$/.test(event.key))) {
      return;
    }
    const button = named(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });

  return {
    // What stands in the boxes, also what the server has not heard of.
    entered() {
      const values = Object.fromEntries(fields().map((f) => [f.dataset.field, f.value]));
      const note = document.getElementById("review-note")?.value ?? "";
      return { receipt: document.querySelector(".review-desk")?.dataset.receipt, values, note };
    },
    write(name, text) {
      const field = fields().find((one) => one.dataset.field === name);
      if (field && field !== document.activeElement) field.value = text;
    },
    focus(name) {
      const field = fields().find((one) => one.dataset.field === name);
      field?.focus();
      field?.select();
    },
    fetch(address) {
      new Image().src = address;
    },
    at(address) {
      history.replaceState(history.state, "", address);
      document.querySelector(".review-form")?.scrollTo(0, 0);
    },
  };
})();
