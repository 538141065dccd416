/** @import { Annotation } from "../model/types.js" */
/** @import { Commands } from "../page/commands.js" */
/** @import { Store } from "../model/store.js" */
import { keyOf } from "../../js/keys/shortcuts.js";
import { h } from "../ui/dom.js";
import { quoted, shortened } from "../model/store.js";

/**
 * The words that an annotation stands on, and what can be done to its parts.
 *
 * @param {{store: Store, commands: Commands, annotation: Annotation, editable: boolean}} parts
 */
export function passageSection({ commands, annotation, editable }) {
  const { spans } = annotation;
  const items = spans.map((part, place) =>
    h("li", {}, spans.length > 1 && h("span", { className: "part-number" }, h("span", { className: "visually-hidden" }, "Part "), String(place + 1), h("span", { className: "visually-hidden" }, ` of ${spans.length}`)), h("q", { dir: "auto", translate: false }, part.exact), editable && spans.length > 1 && h("button", {
      type: "button", className: "quiet", "aria-label": `Remove the part ${quoted(shortened(part.exact, 40))}`, onclick: () => commands.removePart(annotation, part),
    }, "×")),
  );
  const tools = editable && h("div", { className: "passage-tools" },
    h("button", { type: "button", onclick: () => commands.addPart(annotation) }, "Add part ", h("kbd", {}, keyOf("add-part"))),
    h("button", { type: "button", onclick: () => commands.replaceParts(annotation) }, "Replace by selection"));
  return h("section", { className: "tagged-words", "aria-label": "Passage" }, h("ul", {}, ...items), tools);
}
