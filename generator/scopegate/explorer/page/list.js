// A list of which only what is seen is in the page: four thousand rows take no longer than forty. It is a listbox: one
// row is active, which the arrow keys move, and some may be chosen, with the space bar.

import { el } from "./dom.js";

// Whether what belongs together stands below each other.
export const isNarrow = () => matchMedia("(max-width: 59.99rem)").matches;

const AHEAD = 6; // rows above and below what is seen

export class List {
  #rows = [];
  #active = -1;
  #shown = new Map();
  #height = matchMedia("(max-width: 30rem)").matches ? 80 : 56; // as page.css has it

  constructor({ label, draw, onactive, onchoose }) {
    Object.assign(this, { draw, onactive, onchoose });
    this.space = el("div", { class: "space" });
    this.element = el("div", {
      class: "list", role: "listbox", tabindex: 0, "aria-label": label, "aria-multiselectable": onchoose ? "true" : null,
      onscroll: () => this.#fill(),
      onkeydown: (event) => this.#onkey(event),
    }, this.space);
    new ResizeObserver(() => this.#fill()).observe(this.element);
  }

  show(rows, active) {
    this.#rows = rows;
    this.#active = rows.indexOf(active);
    this.space.style.height = `${rows.length * this.#height}px`;
    this.redraw();
  }

  redraw() {
    for (const row of this.#shown.values()) row.remove();
    this.#shown.clear();
    this.#fill();
  }

  scrollToActive() {
    if (this.#active >= 0) this.#reveal(this.#active);
  }

  #fill() {
    const first = Math.max(0, Math.floor(this.element.scrollTop / this.#height) - AHEAD);
    const last = Math.min(this.#rows.length - 1,
      Math.ceil((this.element.scrollTop + this.element.clientHeight) / this.#height) + AHEAD);
    for (const [index, row] of this.#shown) {
      if ((index < first || index > last) && index !== this.#active) {
        row.remove();
        this.#shown.delete(index);
      }
    }
    for (let index = first; index <= last; index++) this.#place(index);
    // What is active has to be there, also where it is not seen: the list names it.
    if (this.#active >= 0) this.#place(this.#active);
    this.#name();
  }

  #place(index) {
    if (this.#shown.has(index)) return;
    const { content, chosen } = this.draw(this.#rows[index]);
    const row = el("div", {
      class: index === this.#active ? "row active" : "row", role: "option", id: `${this.#id}-${index}`,
      "aria-setsize": this.#rows.length, "aria-posinset": index + 1, "aria-selected": chosen ? "true" : "false",
      onclick: (event) => this.#onclick(event, index),
    }, content);
    row.style.top = `${index * this.#height}px`;
    row.style.height = `${this.#height}px`;
    const after = [...this.#shown.keys()].filter((each) => each > index);
    this.space.insertBefore(row, after.length > 0 ? this.#shown.get(Math.min(...after)) : null);
    this.#shown.set(index, row);
  }

  #id = `list-${lists++}`;

  #name() {
    if (this.#active >= 0) this.element.setAttribute("aria-activedescendant", `${this.#id}-${this.#active}`);
    else this.element.removeAttribute("aria-activedescendant");
  }

  #onclick(event, index) {
    if (event.target.closest(".tick")) this.#choose(index);
    else this.#activate(index, true);
  }

  #onkey(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps && this.#rows.length > 0) {
      const from = this.#active < 0 && steps[event.key] > 0 ? -1 : this.#active;
      this.#activate(Math.min(this.#rows.length - 1, Math.max(0, from + steps[event.key])));
    } else if (event.key === " " && this.#active >= 0 && this.onchoose) {
      this.#choose(this.#active);
    } else {
      return;
    }
    event.preventDefault();
  }

  #activate(index, isTapped = false) {
    this.#active = index;
    this.#reveal(index);
    this.redraw();
    this.onactive?.(this.#rows[index], isTapped);
  }

  #choose(index) {
    this.onchoose?.(this.#rows[index]);
    this.redraw();
  }

  #reveal(index) {
    const { scrollTop, clientHeight } = this.element;
    const top = index * this.#height;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.#height > scrollTop + clientHeight) this.element.scrollTop = top + this.#height - clientHeight;
  }
}

let lists = 0;
