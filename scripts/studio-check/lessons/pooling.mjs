/** @file The lesson on pooling: its numbers against plain loops, what a move changes, the gradient, the address, the exercise. */
import { difference, distance, numberIn } from "../studio.mjs";

/** The map of the lesson. */
const MAP = [
  "00000000",
  "02574100",
  "00136930",
  "00002840",
  "00006610",
  "00193000",
  "00820000",
  "00000000",
].map((row) => [...row].map(Number));

/** Pools by the obvious loops. */
function referenceOf(map, size, stride, kind) {
  const outputs = [];
  for (let row = 0; row + size <= map.length; row += stride) {
    for (let column = 0; column + size <= map[0].length; column += stride) {
      const window = map.slice(row, row + size).flatMap((values) => values.slice(column, column + size));
      const sum = window.reduce((total, value) => total + value, 0);
      outputs.push(kind === "max" ? Math.max(...window) : sum / window.length);
    }
  }
  return outputs;
}

const movedRight = (map) => map.map((row) => [0, ...row.slice(0, -1)]);
const numbersOf = async (page, label) =>
  (await page.getByLabel(label, { exact: true }).locator("text").allTextContents()).map(numberIn);
const stayed = (page) => page.getByText(/of \d+ outputs stayed/).textContent();

export async function checkLesson({ page, studio, check }) {
  await page.getByText("Output 4 × 4").waitFor();
  check(
    "the largest of each window",
    difference(await numbersOf(page, "The output of max pooling"), referenceOf(MAP, 2, 2, "max")),
  );

  await page.getByRole("button", { name: "Move the input to the right" }).click();
  const [before, after] = [referenceOf(MAP, 2, 2, "max"), referenceOf(movedRight(MAP), 2, 2, "max")];
  const kept = after.filter((value, i) => value === before[i]).length;
  await page.getByText(`${kept} of 16 outputs stayed`).waitFor();
  check("how many outputs a move leaves", difference(await stayed(page), `${kept} of 16 outputs stayed`));
  check(
    "what changed",
    difference(
      await numbersOf(page, "The output now, minus the output before the input was moved"),
      after.map((value, i) => value - before[i]),
    ),
  );

  const address = page.url();
  const again = await studio.open(address.slice(address.indexOf("#")));
  await again.getByText(/outputs stayed/).waitFor();
  check("the address restores the move", difference(await stayed(again), await stayed(page)));
  await again.close();

  await page.getByRole("button", { name: "Put back", exact: true }).click();
  await page.getByRole("button", { name: "Shuffle", exact: true }).click();
  await page.getByText("16 of 16 outputs stayed").waitFor();
  check("a shuffle within windows changes no output", undefined);
  await page.getByRole("button", { name: "Put back", exact: true }).click();

  await checkGradient(page, check);
  await checkExercise(page, check);
}

async function checkGradient(page, check) {
  await page.getByLabel("the gradient from all outputs").check();
  const label = "The gradient that arrives at the input";
  await page.getByLabel(label, { exact: true }).waitFor();
  // The last window of the fifth and sixth row with two sixes: the first of them wins.
  const winners = MAP.map((row) => row.map(() => 0));
  for (let top = 0; top < 8; top += 2) {
    for (let left = 0; left < 8; left += 2) {
      let best = [top, left];
      for (const [y, x] of [
        [top, left + 1],
        [top + 1, left],
        [top + 1, left + 1],
      ]) {
        if (MAP[y][x] > MAP[best[0]][best[1]]) best = [y, x];
      }
      winners[best[0]][best[1]] = 1;
    }
  }
  check("the gradient goes to the winners", difference(await numbersOf(page, label), winners.flat()));

  await page.getByLabel("the mean", { exact: true }).check();
  await page.getByLabel("The output of mean pooling", { exact: true }).waitFor();
  await page.waitForTimeout(200);
  check(
    "the mean shares it",
    difference(
      await numbersOf(page, label),
      MAP.flat().map(() => 0.25),
    ),
  );
  const means = await numbersOf(page, "The output of mean pooling");
  const wanted = referenceOf(MAP, 2, 2, "mean");
  check(
    "the mean of each window",
    means.map((value, i) => distance(value, wanted[i], 1e-6)).find((problem) => problem !== undefined),
  );
  await page.getByLabel("the input", { exact: true }).check();
  await page.getByLabel("the largest", { exact: true }).check();
}

async function checkExercise(page, check) {
  const button = page.getByRole("button", { name: "Check what is on the stage" });
  await button.click();
  check(
    "an exercise that is not done is not solved",
    (await page.getByText("Pool the sound's spectrogram.").count()) === 1 ? undefined : "it was",
  );
  await page.getByLabel("the sound", { exact: true }).check();
  await page.getByLabel("Rows of the window, Q", { exact: true }).fill("1");
  await page.getByLabel("Columns of the window, R", { exact: true }).fill("4");
  await page.getByText("Output 48 × 23").waitFor();
  await button.click();
  await page.getByText("✓ Solved.").waitFor({ timeout: 5000 });
  check("the exercise is solved", undefined);
}
