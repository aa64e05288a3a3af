// Buttons that copy.

import { el } from "./dom.js";
import { t } from "./texts.js";

export function copier(key, spell) {
  const button = el("button", { type: "button", onclick: () => copyFrom(button, spell(), t(key)) }, t(key));
  return button;
}

async function copyFrom(button, text, label) {
  await copy(text);
  button.textContent = t("copied");
  setTimeout(() => {
    button.textContent = label;
  }, 1500);
}

// A page of a file is no place where every browser gives the clipboard to scripts.
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { value: text, class: "unseen" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
