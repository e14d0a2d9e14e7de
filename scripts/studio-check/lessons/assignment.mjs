/** @file The assignment: the bad network is trained in the page, its matrix agrees with its figure and plays, the leak is counted, the exercise asks for more. */
import { difference, distance } from "../studio.mjs";

/** Milliseconds for rendering the music and ten epochs, on a busy machine. */
const PATIENCE = 300_000;
/** Excerpts in the test part. */
const TESTS = 60;

export async function checkLesson({ page, studio, check }) {
  check(
    "no test track is in training",
    (await page.getByText(`0 of ${TESTS} test excerpts`).count()) === 1 ? undefined : "it is",
  );
  await page.getByRole("button", { name: "Train it" }).click();
  const test = page.locator("td.test").first();
  await test.filter({ hasText: "%" }).waitFor({ timeout: PATIENCE });

  const cells = await page
    .locator("table[aria-label^=Answers] tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent.trim() || 0))),
    );
  const sum = cells.flat().reduce((total, count) => total + count, 0);
  const right = cells.reduce((total, row, i) => total + row[i], 0);
  check("each test excerpt is in the matrix", difference(sum, TESTS));
  const shown = Number.parseFloat((await test.textContent()) ?? "");
  check("the figure is that of the matrix", distance(shown, (100 * right) / TESTS, 0.51));

  await page.locator("table[aria-label^=Answers] tbody button").first().click();
  await page.locator("ul[aria-label='Excerpts in the cell'] button").first().click();
  check("a cell opens its excerpts, which play", undefined);

  await page.getByLabel("Dropout").check();
  await page.getByLabel("other excerpts (leaks)").check();
  const text = (await page.getByText(/test excerpts are from a track/).textContent()) ?? "";
  check("a wrong split says how many leak", Number.parseInt(text, 10) > 10 ? undefined : text.trim());
  const again = await studio.open(page.url().slice(page.url().indexOf("#")));
  check(
    "the address restores remedies and split",
    (await again.getByLabel("Dropout").isChecked()) &&
      (await again.getByLabel("other excerpts (leaks)").isChecked())
      ? undefined
      : page.url(),
  );
  await again.close();

  await page.getByRole("button", { name: "Check what is on the stage" }).click();
  check(
    "the exercise is not solved by the bad network",
    (await page.getByText(/Your best training has \d+ %/).count()) === 1
      ? undefined
      : "it says nothing, or that it is",
  );
}
