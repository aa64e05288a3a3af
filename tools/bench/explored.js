// Timers in the explorer's page, there before it is: see explored.py.

window.bench = {
  routes: () => JSON.parse(document.getElementById("facts").textContent).routes,

  // When it was painted first, and when its policy could be asked, since it was navigated to.
  async opened() {
    await scopegate.loaded;
    const ready = performance.now();
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return [paint.startTime, ready];
  },

  async time(kind, asked) {
    const started = performance.now();
    await scopegate.ask(kind, asked);
    return performance.now() - started;
  },

  // The times until the first and until all routes are counted, once the text is there.
  open(text) {
    return new Promise((resolve) => {
      const field = document.querySelector("textarea");
      const status = document.querySelector("main [role=status]");
      const enter = (entered) => {
        field.value = entered;
        field.dispatchEvent(new Event("input"));
      };
      enter(""); // so that nothing is counted of what was there
      const started = performance.now();
      let first;
      new MutationObserver((_, observer) => {
        const [count, all] = status.textContent.match(/\d+/g)?.map(Number) ?? [];
        if (all === undefined) return;
        first ??= performance.now() - started;
        if (count !== all) return;
        observer.disconnect();
        resolve([first, performance.now() - started]);
      }).observe(status, { childList: true, characterData: true, subtree: true });
      enter(text);
    });
  },

  // The caret behind the first action.
  enter(field) {
    const end = field.value.indexOf('"', field.value.indexOf("[", field.value.indexOf("Action")) + 10);
    field.setSelectionRange(end, end);
  },

  watch() {
    const times = [];
    let longest = 0;
    const note = (entries) => entries.forEach(({ duration }) => {
      longest = Math.max(longest, duration);
    });
    const tasks = new PerformanceObserver((list) => note(list.getEntries()));
    tasks.observe({ type: "longtask" });
    let pressed;
    const onkey = (event) => {
      pressed = event.timeStamp;
    };
    // A message that is sent while a frame is made comes in once it is painted.
    const oninput = () => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => times.push(performance.now() - pressed);
      port2.postMessage(null);
    });
    addEventListener("keydown", onkey, true);
    addEventListener("input", oninput, true);
    bench.watched = () => {
      removeEventListener("keydown", onkey, true);
      removeEventListener("input", oninput, true);
      note(tasks.takeRecords());
      tasks.disconnect();
      return [times, longest];
    };
  },
};
