/** @file The lesson on dropout and batch normalisation: its sums, its statistics, a training, the address, the exercise. */
import { difference, distance, numberIn } from "../studio.mjs";

async function fill(page, label, value) {
  const field = page.locator("[class*='part']:not([hidden])").getByLabel(`${label}, as a number`);
  await field.fill(String(value));
  await field.press("Enter");
}

export async function checkLesson({ page, studio, check }) {
  await checkTraining(page, check);
  await checkDropout(page, check);
  await checkBatches(page, check);

  const address = page.url();
  check(
    "the address has the settings",
    /part=batch/.test(address) && /rate=0.75/.test(address) ? undefined : address,
  );
  const again = await studio.open(address.slice(address.indexOf("#")));
  await again.getByText("The mean of the channel in each batch").waitFor();
  check(
    "the address restores them",
    difference(await again.getByLabel("Batch statistics").isChecked(), true),
  );
  await again.close();

  await page.getByRole("button", { name: "falls, then stays or rises" }).click();
  check(
    "the guess is checked",
    (await page.getByText("Yes.").count()) === 1 ? undefined : "it was not right",
  );

  const button = page.getByRole("button", { name: "Check what is on the stage" });
  await button.click();
  await page.getByText(/half of what they do with 8/).waitFor();
  await fill(page, "Batch size", 32);
  await page.getByText(/divided by √32/).waitFor();
  await button.click();
  await page.getByText("✓ Solved.").waitFor({ timeout: 5000 });
  check("the exercise is solved", undefined);
}

async function checkTraining(page, check) {
  await fill(page, "Training digits", 30);
  await fill(page, "Epochs", 10);
  await page.getByRole("button", { name: "Train all four on 30 digits" }).click();
  await page.getByText("10 epochs made").waitFor({ timeout: 120_000 });
  const rows = await page
    .getByRole("table", { name: "Losses with Neither" })
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  const [validation, training] = rows.at(-1).slice(1).map(numberIn);
  check(
    "the network over-fits",
    validation > 2 * training ? undefined : `training ${training}, validation ${validation}`,
  );
}

async function checkDropout(page, check) {
  await page.getByLabel("Dropout", { exact: true }).check();
  for (const rate of [0.5, 0.75]) {
    await fill(page, "Dropout rate", rate);
    const scale = 1 / (1 - rate);
    await page.getByText(`= ${scale}`, { exact: false }).first().waitFor();
    let kept = 0;
    for (const row of [4, 7, 10])
      for (let column = 0; column < 14; column += 2)
        kept += await keptAt(page, check, { row, column, scale });
    check(
      `dropout of ${rate} keeps some and drops some`,
      kept > 0 && kept < 21 ? undefined : `${kept} of 21`,
    );
  }
}

/** Compares the sum at one place. @returns 1 if the value is kept, else 0 */
async function keptAt(page, check, { row, column, scale }) {
  const box = await page.getByLabel(/^Mask 1:/).boundingBox();
  await page.mouse.move(box.x + (box.width * (column + 0.5)) / 14, box.y + (box.height * (row + 0.5)) / 14);
  const sum = page.locator("p.sum").filter({ hasText: `Row ${row}, column ${column}:` });
  const text = (await sum.textContent()).replace(/\s+/g, " ");
  const [value, factor, product] = text
    .match(/: ([\d.e−]+) × ([\d.]+) = ([\d.e−]+)/)
    .slice(1)
    .map(numberIn);
  const isRight =
    (factor === 0 || factor === scale) && Math.abs(product - value * factor) <= 0.006 * value * factor;
  if (!isRight) check(`dropout at row ${row}, column ${column}`, text);
  return factor > 0 ? 1 : 0;
}

async function checkBatches(page, check) {
  await page.getByLabel("Batch statistics", { exact: true }).check();
  for (const size of [4, 64]) {
    await fill(page, "Batch size", size);
    const caption = page.getByText(new RegExp(`divided by √${size}`));
    await caption.waitFor();
    const [strays, deviation] = (await caption.textContent())
      .match(/stray by ([\d.]+) .* all values is ([\d.]+),/)
      .slice(1)
      .map(numberIn);
    // One of the batch is always the same digit.
    const wanted = (deviation * Math.sqrt(size - 1)) / size;
    check(`means of batches of ${size}`, distance(strays / wanted, 1, 0.25));
  }
}
