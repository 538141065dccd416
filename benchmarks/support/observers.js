// What a page tells about itself while it is measured: runs before any script of its own.
window.observed = (() => {
  const times = {};
  let awaited = null; // words whose next range is waited for, and what to measure from
  let arrived = 0; // when the last message came

  const painted = (then) => requestAnimationFrame(() => setTimeout(() => then(performance.now())));
  const note = (name, from = 0) => name in times || (times[name] = null, painted((now) => (times[name] = now - from)));
  const when = (name, holds) => holds() ? note(name) : requestAnimationFrame(() => when(name, holds));

  document.addEventListener("readystatechange", () => document.readyState === "interactive" && note("readable"));
  when("shown", () => [...CSS.highlights].some(([name, ranges]) => /-[0-9]$/.test(name) && ranges.size > 0));
  when("interactive", () => document.querySelector("#show-keys:not([hidden])")); // shown once keys are listened to
  when("listed", () => document.querySelector("#list[aria-busy=false]"));

  const { add } = Highlight.prototype;
  Highlight.prototype.add = function (range) {
    const { startContainer: node, startOffset, endOffset } = range;
    if (awaited && node.data.slice(startOffset, endOffset).includes(awaited.words)) {
      note(awaited.name, awaited.from());
      awaited = null;
    }
    return add.call(this, range);
  };

  for (const { prototype } of [EventSource, MessagePort, BroadcastChannel]) {
    const noting = (listener) => function (event) {
      arrived = performance.now();
      return listener.call(this, event);
    };
    const { addEventListener } = prototype;
    prototype.addEventListener = function (type, listener, ...rest) {
      return addEventListener.call(this, type, typeof listener === "function" ? noting(listener) : listener, ...rest);
    };
    const { set, get } = Object.getOwnPropertyDescriptor(prototype, "onmessage");
    Object.defineProperty(prototype, "onmessage", { get, set(listener) { set.call(this, noting(listener)); } });
  }

  return {
    times,
    afterKey(words, key) {
      addEventListener("keydown", (event) => {
        if (event.key === key) awaited = { name: "key", words, from: () => event.timeStamp };
      }, { capture: true });
    },
    afterNews(words) {
      awaited = { name: "news", words, from: () => arrived };
    },
    afterClick() {
      addEventListener("click", (event) => {
        const observer = new MutationObserver(() => (observer.disconnect(), note("inspector", event.timeStamp)));
        observer.observe(document.getElementById("inspector"), { childList: true });
      }, { capture: true, once: true });
    },
    nodes() {
      const walker = document.createTreeWalker(document.getElementById("text"));
      let count = 0;
      while (walker.nextNode()) count++;
      return count;
    },
    async frames(count, step) {
      const found = [];
      let before = await new Promise(requestAnimationFrame);
      for (let frame = 0; frame < count; frame++) {
        scrollBy({ top: step, behavior: "instant" });
        const now = await new Promise(requestAnimationFrame);
        found.push(now - before);
        before = now;
      }
      return found;
    },
  };
})();
