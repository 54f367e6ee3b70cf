// What somebody's Playwright script does with a browser it connects to: `node playwright.cjs <address> <site> [shared]`.
const { chromium } = require("playwright-core");

const main = async ([address, site, shared]) => {
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  const found = { first: await context.pages()[0].title() };
  const page = await context.newPage();

  await page.goto(`${site}/form`);
  await page.getByLabel("Name").fill("Ada");
  await page.getByLabel("Colour").selectOption("Green");
  await page.getByLabel("I agree").check();
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForURL("**/submitted");
  found.name = await page.locator("#name").textContent();

  await page.goto(`${site}/frames`);
  await page.frameLocator("#other").locator("#field").fill("over there");
  await page.frameLocator("#other").locator("#button").click();
  await page.frameLocator("#same").frameLocator("iframe").locator("#button").click();
  await page.waitForFunction(() => document.querySelector("#out").textContent.includes("same-nested click"));
  found.frames = (await page.locator("#out").textContent()).trim().split("\n");

  await page.goto(`${site}/shadow`);
  await page.getByText("Shadow nested").click();
  found.shadow = (await page.locator("#out").textContent()).trim();

  // Where others drive too, one of them may dismiss it first.
  if (!shared) {
    await page.goto(`${site}/dialogs`);
    page.once("dialog", (dialog) => dialog.accept("Bob"));
    await page.locator("#prompt").click();
    found.dialog = (await page.locator("#out").textContent()).trim();
  }

  await page.goto(`${site}/downloads`);
  const downloading = page.waitForEvent("download");
  await page.locator("#plain").click();
  found.download = (await downloading).suggestedFilename();

  await page.route("**/items*", (route) => route.fulfill({ json: ["Only this"] }));
  await page.goto(`${site}/endless`);
  await page.getByText("Only this").first().waitFor();
  found.routed = await page.locator("li").first().textContent();

  const opening = page.waitForEvent("popup");
  await page.goto(`${site}/links`);
  await page.locator("#blank").click();
  const popup = await opening;
  await popup.waitForLoadState();
  found.popup = await popup.title();
  await popup.close();

  found.picture = (await page.screenshot()).subarray(1, 4).toString();
  found.refused = await page.goto("file:///etc/passwd").then(
    () => "opened",
    (error) => error.message,
  );
  await page.close();
  await browser.close();
  process.stdout.write(JSON.stringify(found));
};

main(process.argv.slice(2));
