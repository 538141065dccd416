/**
 * What extensions and translations do to the DOM of a text, at random. Evaluated in the page; gives what it did.
 *
 * @param {{seed: number, harm: boolean}} how the numbers follow from the seed; whether words become others
 */
({ seed, harm }) => {
  let state = seed * 2654435761 + 1;
  const random = (/** @type {number} */ below) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822507) + 3266489909) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
  const any = (/** @type {any} */ list) => list[random(list.length)];
  const root = /** @type {HTMLElement} */ (document.querySelector("#text"));
  const texts = () => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) if (walker.currentNode.nodeValue) found.push(/** @type {Text} */ (walker.currentNode));
    return found;
  };
  const blocks = () => [...root.querySelectorAll(".block")];
  const element = () => document.createElement(any(["span", "mark", "font", "b", "x-reader"]));
  const part = (/** @type {Text} */ node) => {
    const range = document.createRange();
    const [from, to] = [random(node.data.length + 1), random(node.data.length + 1)].sort((a, b) => a - b);
    range.setStart(node, from);
    range.setEnd(node, to);
    return range;
  };
  const word = (/** @type {Text} */ node) => {
    const range = document.createRange();
    const found = [...node.data.matchAll(/[\p{L}\p{N}]+/gu)];
    const one = found.length > 0 ? any(found) : { index: 0, 0: "" };
    range.setStart(node, one.index);
    range.setEnd(node, one.index + one[0].length);
    return range;
  };
  /** The words stay the same. @type {Record<string, () => void>} */
  const harmless = {
    wrap: () => part(any(texts())).surroundContents(element()),
    wrapWord: () => word(any(texts())).surroundContents(element()),
    wrapEachWord: () => {
      for (let node = /** @type {Text | null} */ (any(texts())), times = 0; node && times < 12; times++) {
        const range = word(node);
        const { endOffset } = range;
        range.surroundContents(element());
        node = endOffset > 0 ? /** @type {Text | null} */ (texts().find((each) => each.data.length > 8) ?? null) : null;
      }
    },
    split: () => {
      const node = any(texts());
      node.splitText(random(node.data.length + 1));
    },
    normalise: () => root.normalize(),
    comment: () => any(texts()).before(document.createComment("here")),
    emptyElement: () => any(texts()).after(Object.assign(element(), { style: "display: inline-block; inline-size: 6px" })),
    emptyText: () => any(texts()).before(""),
    wrapBlock: () => {
      const block = any(blocks());
      const around = document.createElement("div");
      block.replaceWith(around);
      around.append(block);
    },
    wrapAll: () => {
      const block = any(blocks());
      const inner = element();
      inner.append(...block.childNodes);
      block.append(inner);
    },
    same: () => {
      const node = any(texts());
      node.data = String(node.data);
    },
  };
  /** Other words are shown, or not all of them. @type {Record<string, () => void>} */
  const harmful = {
    translate: () => {
      const node = any(texts());
      const [outer, inner] = [document.createElement("font"), document.createElement("font")];
      inner.textContent = node.data.split("").reverse().join("") + " ".repeat(random(9)) + "ja";
      outer.append(inner);
      node.replaceWith(outer);
    },
    replaceWord: () => {
      const range = word(any(texts()));
      range.deleteContents();
      range.insertNode(document.createTextNode(any(["yes", "translated", "ж", "other words"])));
    },
    inPlace: () => {
      const node = any(texts());
      node.data = node.data.replace(/[\p{L}]+/u, any(["no", "elsewhere"]));
    },
    insert: () => any(texts()).before(any(["Ad ", "\n", "noise "])),
    insertBetween: () => any(blocks()).before(any(["Ad ", "\n\n", "noise "])),
    remove: () => any(texts()).remove(),
    removeBlock: () => any(blocks()).remove(),
    cloneBlock: () => {
      const block = any(blocks());
      block.replaceWith(block.cloneNode(true));
    },
    repeatBlock: () => any(blocks()).after(any(blocks()).cloneNode(true)),
    swap: () => root.append(any(blocks())),
    rewrite: () => (root.innerHTML = root.innerHTML.replace(/ style="[^"]*"/g, "").replace("the", "der")),
    hide: () => word(any(texts())).surroundContents(Object.assign(element(), { style: "display: none" })),
    shrink: () => word(any(texts())).surroundContents(Object.assign(element(), { style: "font-size: 0" })),
    shadow: () => {
      const around = document.createElement("span");
      word(any(texts())).surroundContents(around);
      around.attachShadow({ mode: "open" }).append("elsewhere");
    },
  };
  const done = [];
  for (let times = 1 + random(5); times > 0; times--) {
    const all = harm && random(2) ? harmful : harmless;
    const name = any(Object.keys(all));
    done.push(name);
    all[name]();
  }
  return done;
};
