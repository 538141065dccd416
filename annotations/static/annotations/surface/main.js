/** @import { Annotation, PageData, Span } from "./model/types.js" */
import { refreshCounts } from "../js/counts.js";
import { Api } from "./sync/api.js";
import { KeyboardCaret } from "./select/caret.js";
import { Commands } from "./page/commands.js";
import { Comments } from "./comments/comments.js";
import { Display } from "./page/display.js";
import { byId } from "./ui/dom.js";
import { Failures } from "./panel/failures.js";
import { Filters } from "./panel/filters.js";
import { Find } from "./page/find.js";
import { inNextFrame, inSpareTime } from "./ui/scheduling.js";
import { Handles } from "./select/handles.js";
import { Highlights } from "./paint/highlights.js";
import { History } from "./model/undo-history.js";
import { Inspector } from "./panel/inspector.js";
import { Integrity } from "./text/integrity.js";
import { listenToKeys } from "./page/keys.js";
import { AnnotationList } from "./panel/list.js";
import { Links } from "./page/links.js";
import { Live } from "./live/live.js";
import { Loading } from "./sync/compact-loader.js";
import { Minimap } from "./paint/minimap.js";
import { announcer } from "./ui/announcer.js";
import { Outbox } from "./sync/outbox.js";
import { Palette } from "./page/palette.js";
import { Picker } from "./ui/picker.js";
import { Presence } from "./live/presence.js";
import { Print } from "./page/print.js";
import { AnnotationsHere } from "./page/annotations-here.js";
import { PointerSelection } from "./select/pointer-selection.js";
import { Sheet } from "./ui/sheet.js";
import { tieParts } from "./paint/part-connector.js";
import { Status } from "./page/status.js";
import { DRAFT, STATE_AFTER } from "./model/states.js";
import { shortened, Store } from "./model/store.js";
import { TagAll } from "./tag-all/tag-all.js";
import { CommentStore } from "./comments/comment-store.js";
import { TextPane } from "./text/text-pane.js";
import { Toasts } from "./ui/toasts.js";
import { UnsavedValues } from "./panel/unsaved-values.js";
import { BrowserStorage } from "./sync/browser-storage.js";
import { navigationShortcuts } from "./page/navigation-shortcuts.js";
import { Words } from "./text/word-borders.js";

const place = /** @type {PageData} */ (JSON.parse(byId("surface-data").textContent ?? ""));
const text = byId("text");
const announce = announcer(byId("news"));

const store = new Store(place);
const pane = new TextPane(text, place.checksum);
const words = new Words(pane, text.lang);
const toasts = new Toasts(byId("toasts"));
const api = new Api(place);
const vault = new BrowserStorage();
const hereAsMe = `${place.me.id} ${location.pathname}`;
const outbox = new Outbox({ place, vault, api, store });
const buttons = { undo: /** @type {HTMLButtonElement} */ (byId("undo")), redo: /** @type {HTMLButtonElement} */ (byId("redo")) };
const commands = new Commands({
  store, api, outbox, pane, toasts, announce,
  history: (doing) => new History({ vault, name: hereAsMe, toasts, buttons, ...doing }),
});
const picker = new Picker();
const palette = new Palette({ root: byId("palette"), store, pane, commands });
const talk = new CommentStore({ place, store, write: (method, path, body) => commands.deliver("say something about an annotation", method, path, body) });
const comments = new Comments({ store, talk, toasts, history: commands.history, announce });
const typed = new UnsavedValues(vault, hereAsMe);
const inspector = new Inspector({ root: byId("inspector"), store, pane, commands, api, picker, typed, toasts });
const tagAll = new TagAll({ root: byId("tagall"), sheet: byId("sheet"), store, pane, api, commands, toasts, announce });
inspector.sections.push(tagAll.section);
inspector.sections.push(({ annotation, isDraft }) => (isDraft ? null : comments.section(annotation)));
const failures = new Failures({ outbox, store, inspector, toasts });
const status = new Status(byId("status"), { signIn: place.urls.signIn, onFailures: () => failures.list() });
typed.on(sayUnsaved);
comments.unsent.onChange = sayUnsaved;
const reach = new AnnotationsHere(store);
const caret = new KeyboardCaret({ store, pane, words, reach, onEnter: choose, announce });
const display = new Display({ pane, announce });
const handles = new Handles({ store, pane, words, commands, display, announce });

new Highlights(store, pane);
inSpareTime(() => new Integrity({ pane, notice: byId("altered") }))();
new Filters({ kinds: byId("filters"), more: byId("filter-choices"), tally: byId("list-tally"), all: byId("show-all"), store });
new Minimap(byId("minimap"), store, pane);
const find = new Find({ root: byId("find"), store, pane, onLeave: standOn });
const links = new Links({ store, pane, toasts, reveal, standOn });
const ways = navigationShortcuts({ store, find, links, step });
new Sheet(byId("panel"), byId("sheet"), store, pane);
new PointerSelection({ store, pane, words, display, refuse: (sentence) => toasts.say(sentence), onPassage: () => place.may.tag && palette.offer(), onClick: clicked });
new AnnotationList({ root: byId("list"), empty: byId("list-empty"), store, typed, onChoose: jump });
tieParts(store, pane);
new Print({ store, pane, title: byId("title").textContent ?? "", provenance: byId("provenance") });
listenToKeys({ ways, store, pane, commands, inspector, palette, picker, caret, tagAll, handles, display });
takeUp();
offerSubmitAll();
new Loading({ root: byId("loading"), place, store, pane }).finish().then(() => {
  teachFirstSteps();
  listenToOthers();
  links.follow();
});
byId("show-find").addEventListener("click", () => find.open());
for (const id of ["show-keys", "show-find"]) byId(id).hidden = false;
byId("not-running").hidden = true;

/**
 * Select what lies at the place: the shortest first, then what lies under it.
 *
 * @param {Span} at
 */
function choose(at) {
  const found = reach.under(at).flatMap((id) => store.annotations.get(id) ?? []);
  if (picker.isWaiting) return void (picker.offer(found) || toasts.say("That cannot be linked this way. Press Esc to stop."));
  store.select(reach.around(at, store.selected));
}

/** @param {number | null} point */
function clicked(point) {
  store.setPassage(null);
  if (point === null) return void (picker.isWaiting || store.select(null));
  choose({ start: point, end: point + 1 });
  caret.moveTo(point);
}

/** Where the text is scrolled to next. @type {Span | null} */
let revealed = null;
const scroll = inNextFrame(() => revealed && pane.reveal(revealed));

/** @param {string} id */
function jump(id) {
  if (!picker.isWaiting && !store.draft && store.selected !== id) links.leaveTrace();
  reveal(id);
}

/** @param {string} id */
function reveal(id) {
  const annotation = store.annotations.get(id);
  if (id === store.draft?.id) return inspector.form?.focus();
  if (!annotation || (picker.isWaiting && picker.offer([annotation])) || !store.select(id)) return;
  revealed = annotation.spans[0];
  scroll();
}

/**
 * To the next match in the text, or the one before; when nothing is searched for, to the next of the annotations shown.
 *
 * @param {1 | -1} direction
 */
function step(direction) {
  if (store.matches.found.length > 0) return find.step(direction);
  const { shown, selected } = store;
  const here = shown.findIndex(({ id }) => id === selected);
  const next = shown[here < 0 ? shown.findIndex(({ spans }) => spans[0].start >= pane.firstVisible()) : (here + direction + shown.length) % shown.length];
  if (next) reveal(next.id);
}

/** Read on where one was led to. @param {Span | null} span */
function standOn(span) {
  text.focus({ preventScroll: true });
  if (span) caret.moveTo(span.start);
}

/** What an earlier page left: writes that wait, what was typed, what can be undone. */
function takeUp() {
  outbox.onState = (state) => status.saving(state);
  outbox.open();
  commands.history.open();
  inspector.open();
  addEventListener("beforeunload", (event) => {
    if (vault.busy > 0 || outbox.isAtRisk || (!vault.lasting && typed.size > 0)) event.preventDefault();
  });
}

/**
 * Who did what the message says: the author writes, the reviewer decides; of the rest the message has no name.
 *
 * @param {string} done
 * @param {Annotation} annotation
 */
function actorOf(done, { author, decision }) {
  if (["created", "edited", "recalled"].includes(done)) return author.name;
  return decision && done === STATE_AFTER[decision.verdict] ? decision.by : "a colleague";
}

function sayUnsaved() {
  status.typed({ edits: typed.unsaved.size, comments: comments.unsent.keys.size });
}

/** While nothing is tagged, the panel says how to begin. */
function teachFirstSteps() {
  const render = () => (byId("first-steps").hidden = store.annotations.size > 0 || !place.may.tag);
  store.on(["annotations"], render);
  render();
}

function listenToOthers() {
  const presence = new Presence({ root: byId("readers"), place, store, pane, announce });
  const address = { url: `${place.urls.live}?as=${place.me.id}`, worker: place.urls.liveWorker, me: place.me.id, source: place.source };
  new Live(address, place.cursor, {
    onState: (state) => status.live(state === "live" ? "live" : "cut"),
    onNews(news) {
      if (news.topic === "presence") return presence.hear(news);
      refreshCounts();
      if (news.topic === "comment") return comments.hear(news);
      const { by, type, annotation } = news;
      if (!store.put(annotation) || by === place.me.id) return;
      const done = type.split(".")[1];
      announce(`${store.rule(annotation.kind).title} ${done} by ${actorOf(done, annotation)}: ${shortened(annotation.spans[0].exact, 60)}`);
    },
  });
}

function offerSubmitAll() {
  const button = /** @type {HTMLButtonElement} */ (byId("submit-all"));
  const mine = () => [...store.annotations.values()].filter((each) => store.isMine(each) && each.state === DRAFT && each.version > 0);
  const render = () => {
    const count = mine().length;
    button.hidden = count === 0 || !place.may.submit;
    button.textContent = count === 1 ? "Submit my draft" : `Submit all my ${count} drafts`;
  };
  button.addEventListener("click", () => commands.submit(mine()));
  store.on(["annotations"], render);
  render();
}
