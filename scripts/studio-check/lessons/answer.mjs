/** @file The lesson on answers: shapes that fit and that do not, losses and gradients against their formulas, trainings, the exercise. */
import { difference, distance, numberIn } from "../studio.mjs";

const softmax = (values) => {
  const powers = values.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};

export async function checkLesson({ page, studio, check }) {
  await checkShapes(page, check);
  await checkLosses(page, studio, check);
  await checkTraining(page, check);
  await checkExercise(page, check);
}

async function checkShapes(page, check) {
  const shapes = page.getByLabel("Shapes on the way");
  await shapes.waitFor();
  const plain = async () => (await shapes.textContent()).replace(/\s+/g, " ").trim();
  check(
    "28 × 28 becomes 400 numbers",
    difference(
      await plain(),
      "28 × 28 × 1 → 28 × 28 × 6 → 14 × 14 × 6 → 10 × 10 × 16 → 5 × 5 × 16 → 400 → 10",
    ),
  );
  await page.getByRole("button", { name: "Give the network a picture of 32 × 32" }).click();
  await page.getByText("176 numbers have no weight").waitFor();
  check(
    "the engine refuses 576 numbers for 400 weights",
    (await page.getByText(/\[1,576\] and \[400,10\]/).count()) === 1 ? undefined : "it does not say so",
  );
  await page.getByRole("button", { name: "Use global pooling" }).click();
  await page.getByText("The mean of each map: 16 numbers").waitFor();
  check(
    "global pooling takes any size",
    (await page.getByLabel("The sum behind the output").count()) === 1 ? undefined : "there is no sum",
  );
  const numbers = (
    await page.getByLabel("The sum behind the output").locator(".total b").allTextContents()
  ).map(numberIn);
  const total = numbers.pop();
  check(
    "the parts of the sum add up",
    distance(
      numbers.reduce((sum, number) => sum + number, 0),
      total,
      1e-9,
    ),
  );
}

/** The numbers that are shown for the outputs 2, 1, 0, −1 or others. */
async function shown(page) {
  const numbers = async (locator) =>
    (await locator.allTextContents()).map((text) => numberIn(text.replace(" %", "")));
  return {
    probabilities: await numbers(page.getByLabel("Probabilities", { exact: true }).locator("b")),
    losses: await numbers(page.locator(".losses ul b")),
    gradients: await numbers(page.getByLabel(/^Gradients: a row/).locator("text")),
  };
}

async function checkLosses(page, studio, check) {
  await page.getByRole("button", { name: "Show four outputs" }).click();
  await page.getByLabel(/^Gradients: a row/).waitFor();
  await page.getByLabel("piano is right").check();
  await page.getByLabel("drums", { exact: true }).fill("2.5");
  await page.waitForTimeout(300);
  const [z, y] = [
    [2, 1, 2.5, -1],
    [0, 1, 0, 0],
  ];
  const p = softmax(z);
  const twice = softmax(p);
  const found = await shown(page);
  const wantedLosses = [
    -Math.log(p[1]),
    z.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / 4,
    -Math.log(twice[1]),
    p.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0),
  ];
  // Of softmax, backwards: p ⊙ (g - Σ g p).
  const through = (g) =>
    p.map((value, i) => value * (g[i] - g.reduce((sum, each, j) => sum + each * p[j], 0)));
  const wantedGradients = [
    p.map((value, i) => value - y[i]),
    z.map((value, i) => (2 * (value - y[i])) / 4),
    through(twice.map((value, i) => value - y[i])),
    through(p.map((value, i) => 2 * (value - y[i]))),
  ].flat();
  // Three digits are shown.
  const near = (got, wanted) =>
    got.length !== wanted.length
      ? `got ${got.length} numbers`
      : got
          .map((value, i) => distance(value, wanted[i], Math.abs(wanted[i]) * 0.006 + 1e-4))
          .find((problem) => problem !== undefined);
  check(
    "probabilities",
    found.probabilities
      .map((value, i) => distance(value, 100 * p[i], 0.06))
      .find((problem) => problem !== undefined),
  );
  check("losses", near(found.losses, wantedLosses));
  check("gradients", near(found.gradients, wantedGradients));

  const again = await studio.open(page.url().slice(page.url().indexOf("#")));
  await again.getByLabel(/^Gradients: a row/).waitFor();
  await again.waitForTimeout(300);
  check("the address restores them", difference(await shown(again), found));
  await again.close();

  await page.getByLabel(/A loss of your own/).fill("p-");
  await page.getByText(/Your loss: It ends where/).waitFor();
  check("a loss that cannot be read says why", undefined);
}

async function checkTraining(page, check) {
  await page.getByLabel(/A loss of your own/).fill("(p-y)^2");
  await page.getByRole("button", { name: "Train with each loss" }).click();
  await page.getByRole("button", { name: "Train four networks" }).click();
  await page.getByRole("button", { name: "Train again" }).waitFor({ timeout: 180_000 });
  const text = await page.getByText(/After 600 steps/).textContent();
  const [cross, , twice] = [...text.matchAll(/(\d+) %/g)].map((match) => Number(match[1]));
  check(
    "softmax twice trains worse than once",
    cross > 75 && twice < cross - 10 ? undefined : `${cross} % and ${twice} %`,
  );
}

async function checkExercise(page, check) {
  await page.getByRole("button", { name: "Show four outputs" }).click();
  const button = page.getByRole("button", { name: "Check what is on the stage" });
  await button.click();
  await page.getByText(/cross-entropy is/).waitFor();
  check("another loss is not taken for cross-entropy", undefined);
  await page.getByLabel(/A loss of your own/).fill("-y*log(p)");
  await button.click();
  await page.getByText("✓ Solved.").waitFor({ timeout: 5000 });
  check("the exercise is solved", undefined);
}
