// What somebody's Puppeteer script does with a browser it connects to: `node puppeteer.cjs <address> <site> [shared]`.
const puppeteer = require("puppeteer-core");

const main = async ([address, site, shared]) => {
  const browser = await puppeteer.connect({ browserWSEndpoint: address, defaultViewport: null });
  const found = { first: await (await browser.pages())[0].title() };
  const page = await browser.newPage();
  const text = async (selector) => (await page.$eval(selector, (element) => element.textContent)).trim();

  await page.goto(`${site}/form`);
  await page.type("#name", "Ada");
  await page.select("#colour", "g");
  await page.click("#terms");
  await Promise.all([page.waitForNavigation(), page.click("#send")]);
  found.name = await text("#name");

  await page.goto(`${site}/frames`);
  for (const id of ["#other", "#same"]) {
    const frame = await (await page.waitForSelector(id)).contentFrame();
    const button = await frame.waitForSelector("#button");
    await button.click();
  }
  await page.waitForFunction(() => document.querySelector("#out").textContent.includes("same click"));
  found.frames = (await text("#out")).split("\n");

  await page.goto(`${site}/shadow`);
  await page.locator("open-part >>> nested-part >>>> button").click();
  found.shadow = await text("#out");

  // Where others drive too, one of them may dismiss it first.
  if (!shared) {
    await page.goto(`${site}/dialogs`);
    page.once("dialog", (dialog) => dialog.accept("Bob"));
    await page.click("#prompt");
    await page.waitForFunction(() => document.querySelector("#out").textContent);
    found.dialog = await text("#out");
  }

  await page.setRequestInterception(true);
  page.on("request", (request) =>
    request.url().includes("/items")
      ? request.respond({ contentType: "application/json", body: '["Only this"]' })
      : request.continue(),
  );
  await page.goto(`${site}/endless`);
  await page.waitForSelector("li");
  found.routed = await text("li");
  page.removeAllListeners("request");
  await page.setRequestInterception(false);

  await page.goto(`${site}/links`);
  const opening = new Promise((resolve) => page.once("popup", resolve));
  await page.click("#opened");
  const popup = await opening;
  await popup.waitForSelector(".title");
  found.popup = await popup.title();
  await popup.close();

  found.picture = Buffer.from(await page.screenshot())
    .subarray(1, 4)
    .toString();
  found.refused = await page.goto("file:///etc/passwd").then(
    () => "opened",
    (error) => error.message,
  );
  await page.close();
  await browser.close();
  process.stdout.write(JSON.stringify(found));
};

main(process.argv.slice(2));
