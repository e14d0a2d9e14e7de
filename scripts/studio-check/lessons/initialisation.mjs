/** @file The lesson on filter initialisation: sizes against plain loops, a training that is stopped, the address, the exercise. */
import { digitsDataset } from "../../../dist/data/index.js";
import { difference, distance, numberIn } from "../studio.mjs";

const SIDE = 14;
const FILTERS = 8;
const EXAMPLES = 32;
/** The pixels' mean and deviation that the lessons subtract and divide by. */
const [MEAN, DEVIATION] = [0.1533, 0.2249];

/** The sizes of the five layers' activations when every weight is 1/72 (ReLU), by the obvious loops. */
async function referenceSizes() {
  const pictures = new Float32Array(EXAMPLES * 784);
  const all = Array.from({ length: EXAMPLES }, (_, i) => i);
  await digitsDataset({ count: 1000 }).read(all, pictures, new Int32Array(EXAMPLES));
  const squares = [0, 0, 0, 0, 0];
  for (let example = 0; example < EXAMPLES; example++) {
    const at = (y, x) => (pictures[example * 784 + y * 28 + x] - MEAN) / DEVIATION;
    let plane = Array.from({ length: SIDE * SIDE }, (_, i) => {
      const [y, x] = [2 * Math.floor(i / SIDE), 2 * (i % SIDE)];
      return (at(y, x) + at(y, x + 1) + at(y + 1, x) + at(y + 1, x + 1)) / 4;
    });
    // All filters are alike, so one plane stands for all eight.
    for (let layer = 0; layer < 5; layer++) {
      const weight = (layer === 0 ? 1 : FILTERS) / (9 * FILTERS);
      plane = plane.map((_, i) => Math.max(0, weight * neighbours(plane, i)));
      squares[layer] += plane.reduce((sum, value) => sum + value ** 2, 0);
    }
  }
  return squares.map((sum) => Math.sqrt(sum / (EXAMPLES * SIDE * SIDE)));
}

function neighbours(plane, i) {
  const [row, column] = [Math.floor(i / SIDE), i % SIDE];
  let sum = 0;
  for (let y = Math.max(0, row - 1); y <= Math.min(SIDE - 1, row + 1); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(SIDE - 1, column + 1); x++)
      sum += plane[y * SIDE + x];
  return sum;
}

/** A column of a chart's hidden table. */
async function columnOf(page, table, name) {
  const rows = await page
    .getByRole("table", { name: table })
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  const index = rows[0].indexOf(name);
  return rows.slice(1).map((cells) => numberIn(cells[index]));
}

export async function checkLesson({ page, studio, check }) {
  const sizes = "Size of the activations by layer";
  await page.waitForFunction(() => !document.querySelector("table")?.textContent.includes("–"));
  const shown = await columnOf(page, sizes, "all equal");
  for (const [i, size] of (await referenceSizes()).entries())
    check(`all equal: the size after conv ${i + 1}`, distance(shown[i] / size, 1, 0.01));
  check("zeros: nothing comes out", difference(await columnOf(page, sizes, "all 0"), [0, 0, 0, 0, 0, 0]));

  await page.getByRole("application", { name: sizes }).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  const said = await page.getByRole("application", { name: sizes }).locator("[aria-live]").textContent();
  check("the chart's cursor is said", /conv 2: all 0 0, all equal/.test(said) ? undefined : said);

  await checkTraining(page, check);

  await page.getByLabel("tanh", { exact: true }).check();
  await page.getByRole("button", { name: "orthogonal", exact: true }).click();
  const address = page.url();
  const again = await studio.open(address.slice(address.indexOf("#")));
  await again.getByText("orthogonal: filters at right angles").waitFor();
  check("the address restores the settings", difference(await again.getByLabel("tanh").isChecked(), true));
  await again.close();
  await page.getByLabel("ReLU", { exact: true }).check();

  await page.getByRole("button", { name: "one", exact: true }).click();
  check(
    "the guess is checked",
    (await page.getByText("Yes.").count()) === 1 ? undefined : "it was not right",
  );

  const button = page.getByRole("button", { name: "Check what is on the stage" });
  await button.click();
  await page.getByText("too small.", { exact: false }).last().waitFor();
  const field = page.getByLabel("Your standard deviation, as a number");
  await field.fill(String(Math.sqrt(2 / 72).toFixed(3)));
  await field.press("Enter");
  await page.waitForTimeout(3000);
  await button.click();
  await page.getByText("✓ Solved.").waitFor({ timeout: 5000 });
  check("the exercise is solved", undefined);
}

async function checkTraining(page, check) {
  const steps = page.getByLabel("Steps, as a number");
  await steps.fill("20");
  await steps.press("Enter");
  await page.getByRole("button", { name: /^Train all nine, 20/ }).click();
  await page.getByText("20 steps made").waitFor({ timeout: 120_000 });
  const losses = await columnOf(page, "Learning curves", "all 0");
  check("zeros learn next to nothing", distance(losses.at(-1), Math.log(10), 0.05));
  await page.getByRole("button", { name: "all equal", exact: true }).first().click();
  await page.getByRole("button", { name: "Show what it is after training" }).click();
  check(
    "filters that began equal are equal",
    (await page.getByText("All eight are the same.").count()) === 1 ? undefined : "they differ",
  );

  await steps.fill("500");
  await steps.press("Enter");
  await page.getByRole("button", { name: /^Train all nine, 500/ }).click();
  await page.getByText(/^Step [1-9]\d* of 500/).waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "Stop" }).click();
  const made = await page.getByText(/^\d+ steps made$/).textContent({ timeout: 30_000 });
  check("a training stops", numberIn(made.split(" ")[0]) < 500 ? undefined : made);
}
