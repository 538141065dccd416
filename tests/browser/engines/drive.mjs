// Chromium and Firefox for tests/browser/engines/puppeteer.py: reads one command a line, writes one answer a line.
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const [browser, executablePath, protocol] = process.argv.slice(2);
const started = await puppeteer.launch({
  browser, executablePath, protocol, headless: true,
  args: browser === "chrome" ? ["--no-sandbox", "--disable-gpu", "--no-first-run"] : [],
});
/** @type {Map<number, import("puppeteer-core").Page>} */
const pages = new Map();
/** What the pages complained of since it was asked last. @type {string[]} */
const complaints = [];

const commands = {
  /** A page in a context of its own: cookies, cache and storage of no other. */
  async open({ id, width, height, cookies, preload }) {
    const context = await started.createBrowserContext();
    if (cookies.length > 0) await context.setCookie(...cookies);
    const page = await context.newPage();
    await page.setViewport({ width, height });
    if (preload) await page.evaluateOnNewDocument(preload);
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
    pages.set(id, page);
  },
  goto: ({ id, url }) => pageOf(id).goto(url, { waitUntil: "domcontentloaded", timeout: 20_000 }).then(() => null),
  /** As JSON, since WebDriver BiDi loses an object that is named twice. */
  evaluate: async ({ id, script, argument }) => {
    const answer = `Promise.resolve((${script})(${JSON.stringify(argument)})).then((found) => JSON.stringify(found ?? null))`;
    return JSON.parse(await pageOf(id).evaluate(answer));
  },
  move: ({ id, x, y, steps }) => pageOf(id).mouse.move(x, y, { steps }),
  down: ({ id }) => pageOf(id).mouse.down(),
  up: ({ id }) => pageOf(id).mouse.up(),
  hold: ({ id, key }) => pageOf(id).keyboard.down(key),
  release: ({ id, key }) => pageOf(id).keyboard.up(key),
  press: ({ id, key }) => pageOf(id).keyboard.press(key),
  type: ({ id, words }) => pageOf(id).keyboard.type(words),
  tap: ({ id, x, y }) => pageOf(id).touchscreen.tap(x, y),
  screenshot: ({ id }) => pageOf(id).screenshot({ encoding: "base64" }),
  pdf: async ({ id }) => Buffer.from(await pageOf(id).pdf({ format: "a4" })).toString("base64"),
  complaints: () => complaints.splice(0),
  async close({ id }) {
    const page = pageOf(id);
    pages.delete(id);
    await page.browserContext().close();
  },
};

/** @param {number} id */
function pageOf(id) {
  const page = pages.get(id);
  if (!page) throw new Error(`There is no page ${id}.`);
  return page;
}

process.stdout.write(`${JSON.stringify({ value: await started.version() })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...told } = JSON.parse(line);
  const answer = await Promise.resolve()
    .then(() => commands[command](told))
    .then((value) => ({ value: value ?? null }), (error) => ({ error: String(error?.stack ?? error) }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await started.close();
process.exit();
