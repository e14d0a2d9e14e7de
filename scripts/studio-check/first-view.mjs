/** @file The first view: its network listens, and a number of a map is opened with the sum behind it. */
import { distance, numberIn } from "./studio.mjs";
import { axeFaults, overflowOf } from "./views.mjs";

export async function checkFirstView({ studio, check }) {
  const page = await studio.open("#/");
  await page.getByText("This network was trained while you read").waitFor({ timeout: 60_000 });
  for (const [layer, maps] of [
    ["edges", 1],
    ["shapes", 8],
    ["sounds", 12],
  ]) {
    await page.getByRole("button", { name: `Open map 3 of ${layer}` }).click();
    const behind = page.getByLabel(`One number of ${layer}, and the sum behind it`);
    await behind.getByText("Σ products").waitFor({ timeout: 10_000 });
    check(`first view: the sum of a map of ${layer}`, await sumProblem(behind));
    const bars = await behind.locator(".parts button").count();
    check(
      `first view: ${layer} reads ${maps} ${maps === 1 ? "map" : "maps"}`,
      bars === (maps === 1 ? 0 : 5) ? undefined : `${bars} bars`,
    );
    // At the edge the window reaches into the padding.
    const map = behind.getByRole("application", { name: `Map 3 of ${layer}` });
    await map.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press("Shift+ArrowLeft");
    for (let i = 0; i < 5; i++) await page.keyboard.press("Shift+ArrowDown");
    await page.waitForTimeout(100);
    check(`first view: the sum in a corner of ${layer}`, await sumProblem(behind));
  }
  await page.getByRole("button", { name: "Open map 3 of sounds" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.getByLabel("Map 4 of sounds, time to the right").waitFor({ timeout: 5000 });
  check("first view: maps are walked and opened by keyboard", undefined);
  check("first view: axe finds nothing in an open map", await axeFaults(page));
  await page.setViewportSize({ width: 390, height: 844 });
  check("first view: an open map fits a phone", await overflowOf(page));
  await page.getByRole("button", { name: "Close" }).click();
  check("first view: nothing went wrong in the page", page.problems());
  await page.close();
}

/** Compares the sum that is shown with its parts, and what comes out of the non-linearity with the number that the engine gave. */
async function sumProblem(behind) {
  const numbers = (await behind.locator(".total b").allTextContents()).map(numberIn);
  const [total, value] = numbers.slice(-2);
  const sum = numbers.slice(0, -2).reduce((all, number) => all + number, 0);
  const tolerance = 0.01 * Math.max(1, ...numbers.map(Math.abs));
  return distance(sum, total, tolerance) ?? distance(Math.max(0, total), value, tolerance);
}
