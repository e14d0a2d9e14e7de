/** @file The lesson on LeNet-5: a digit drawn by pointer and by keys, the sums, a training, the network of 1998, the exercise. */
import { difference, distance, numberIn } from "../studio.mjs";

const sheet = (page) => page.getByRole("application", { name: /Sheet to draw a digit on/ });
const probabilities = async (page) =>
  (await page.getByLabel("Probability of each digit").locator("b").allTextContents()).map((text) =>
    Number.parseFloat(text),
  );

/** Draws a line with the pointer; places are fractions of the sheet. */
async function draw(page, points) {
  const box = await sheet(page).boundingBox();
  const [first, ...rest] = points.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 8 });
  await page.mouse.up();
}

export async function checkLesson({ page, studio, check }) {
  await page.getByText("C3, map 1, row 4, column 4:", { exact: true }).waitFor();
  await checkSum(page, check);
  await checkDrawing(page, studio, check);
  await checkTraining(page, check);
  await checkExercise(page, check);
  await checkOf1998(page, check);
  await checkFashion(page, check);
}

/** The parts of a unit's sum add up to the sum, whose tanh is its value. */
async function checkSum(page, check) {
  const section = page.getByLabel("The sum behind the unit");
  const numbers = (await section.locator(".total b").allTextContents()).map(numberIn);
  const [value, total] = [numbers.pop(), numbers.pop()];
  const parts = numbers.reduce((sum, number) => sum + number, 0);
  check("the parts of the sum that is shown add up", distance(parts, total, 1e-9));
  check("the unit's value is the tanh of its sum", distance(value, Math.tanh(total), 0.006));

  await page.getByRole("application", { name: "S2, map 2", exact: true }).click();
  const four = page.getByLabel("Products of the window and the filter").locator("small");
  await page.getByText(/^S2, map 2, row \d+, column \d+:$/).waitFor();
  await page.waitForTimeout(200);
  const products = (await four.allTextContents()).map((text) => text.split("·").map(numberIn));
  check(
    "a unit of S2 is the mean of four",
    difference(
      products.map(([, weight]) => weight),
      [0.25, 0.25, 0.25, 0.25],
    ),
  );
}

async function checkDrawing(page, studio, check) {
  await draw(page, [
    [0.3, 0.2],
    [0.7, 0.2],
    [0.45, 0.8],
  ]);
  await page.getByText("said without training").waitFor();
  check(
    "the drawing is in the address",
    /ink=[\w-]{6,}/.test(page.url()) ? undefined : `it is ${page.url()}`,
  );
  const sum = (await probabilities(page)).reduce((total, value) => total + value, 0);
  check("the probabilities add up", distance(sum, 100, 0.6));
  const again = await studio.open(page.url().slice(page.url().indexOf("#")));
  await again.getByText("said without training").waitFor();
  await again.waitForTimeout(500);
  check(
    "the address restores the drawing and its answer",
    difference(await probabilities(again), await probabilities(page)),
  );
  await again.close();

  await page.getByRole("button", { name: "Clear" }).click();
  await sheet(page).focus();
  for (const key of ["ArrowUp", "ArrowUp", "Space", "ArrowDown", "ArrowDown", "ArrowDown", "Space"]) {
    await page.keyboard.press(key);
  }
  check("the keyboard draws", /ink=[\w-]{8}/.test(page.url()) ? undefined : `the address is ${page.url()}`);
  await page.keyboard.press("Backspace");
  check("and takes a stroke away", /ink=/.test(page.url()) ? `it is still in ${page.url()}` : undefined);
}

/** Trains to 95 %, with a stop on the way. */
async function checkTraining(page, check) {
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText(/digits seen/).waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Go on", exact: true }).waitFor();
  const seen = page.getByText(/digits seen/);
  const before = await seen.textContent();
  await page.waitForTimeout(500);
  check("a stopped training stands still", difference(await seen.textContent(), before));
  await page.getByRole("button", { name: "Go on", exact: true }).click();
  const result = page.locator(".training").getByText(/^(9[5-9]|100)\.\d %$/);
  await result.first().waitFor({ timeout: 180_000 });
  check("training leads to 95 % and more", undefined);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Go on", exact: true }).waitFor();
}

/** Scribbles until the network is not sure. */
async function checkExercise(page, check) {
  const button = page.getByRole("button", { name: "Check what is on the stage" });
  await button.click();
  check(
    "a test digit is not taken for a drawing",
    (await page.getByText("That is a test digit.").count()) === 1 ? undefined : "it was",
  );
  const solved = page.getByText("✓ Solved.");
  for (let attempt = 0; attempt < 40 && (await solved.count()) === 0; attempt++) {
    // Points on a lattice, in an order that differs from attempt to attempt.
    const place = (i) => "5JX"[Math.floor(((attempt + 1) * 7 * (i + 3) * (i + 1)) / 3) % 3];
    const ink = Array.from({ length: 5 }, (_, i) => `${place(2 * i)}${place(2 * i + 1 + attempt)}`).join("");
    await page.evaluate((text) => {
      const [path, query] = location.hash.split("?");
      const settings = new URLSearchParams(query);
      settings.set("ink", text);
      location.hash = `${path}?${settings}`;
    }, ink);
    await page.waitForTimeout(250);
    await button.click();
    await page.waitForTimeout(50);
  }
  check("the exercise is solved", (await solved.count()) === 1 ? undefined : "40 scribbles were all clear");
}

async function checkOf1998(page, check) {
  await page.getByLabel("as published in 1998").check();
  await page.getByLabel("The table of connections").waitFor();
  const rows = page.getByLabel("The table of connections").locator("tbody tr");
  check("table I has six rows", difference(await rows.count(), 6));
  check("and 60 connections", difference(await rows.locator("td.connected").count(), 60));
  await page.getByRole("button", { name: "Map 16 of C3" }).click();
  await page.getByText(/^C3, map 16,.*:$/).waitFor();
  check(
    "map 16 sees all six maps",
    difference(
      (await page.getByLabel("Parts of the sum").getByRole("button").count()) +
        (await page.getByLabel("Parts of the sum").locator("option").count()) -
        1,
      6,
    ),
  );
  const distances = await page
    .getByLabel(/^Squared distance/)
    .locator("b")
    .allTextContents();
  check("ten distances", difference(distances.filter((text) => numberIn(text) > 0).length, 10));
}

/** An IDX file of bytes. */
function idx(shape, valueAt) {
  const count = shape.reduce((product, length) => product * length, 1);
  const bytes = Buffer.alloc(4 + 4 * shape.length + count);
  bytes.set([0, 0, 8, shape.length]);
  shape.forEach((length, axis) => bytes.writeUInt32BE(length, 4 + 4 * axis));
  for (let i = 0; i < count; i++) bytes[bytes.length - count + i] = valueAt(i);
  return bytes;
}

/** Files in the form of Fashion-MNIST, in which class k is a bright bar at row 2k. */
function clothes() {
  const first = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];
  const part = (name, count) => [
    {
      name: `${name}-labels`,
      mimeType: "application/octet-stream",
      buffer: idx([count], (i) => first[i % 10]),
    },
    {
      name: `${name}-images`,
      mimeType: "application/octet-stream",
      buffer: idx([count, 28, 28], (i) => {
        const row = Math.floor((i % 784) / 28);
        return Math.floor(row / 2) === first[Math.floor(i / 784) % 10] ? 255 : 0;
      }),
    },
  ];
  return [...part("train", 10_001), ...part("test", 1000)];
}

/** Clothes in place of digits: where they are not on this machine, four files are asked for. */
async function checkFashion(page, check) {
  await page.route("**/datasets/index.json", (route) => route.fulfill({ json: { datasets: [] } }));
  await page.getByLabel("as it is used today").check();
  await page.getByLabel("clothes (Fashion-MNIST)").check();
  await page.getByText("Open the pictures of clothes first").waitFor();
  const files = page.getByLabel("Open the four IDX files…").locator("input[type=file]");
  const all = clothes();
  await files.setInputFiles(all.slice(0, 3));
  await page.getByText(/Four files are needed.*the pictures for test are missing/).waitFor();
  check("a missing file is named", undefined);
  await files.setInputFiles(all);
  await page.getByText(/^said without training$/).waitFor({ timeout: 30_000 });
  check(
    "there is nothing to draw on",
    (await page.getByRole("application", { name: /Sheet to draw/ }).count()) === 0 ? undefined : "there is",
  );
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByText(/% of 1,000 test clothes are right/).waitFor({ timeout: 180_000 });
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.getByRole("button", { name: "Go on", exact: true }).waitFor();
  await page.getByRole("button", { name: "Another picture" }).click();
  await page.getByText("is right", { exact: true }).waitFor();
  const said = (await page.locator(".said b").textContent()).trim();
  const truth = await page.getByLabel(/^A picture of a test: /).getAttribute("aria-label");
  check("the answer has the class's name", truth?.includes(said) ? undefined : `${said}, ${truth}`);
  check("the address has the data", /data=fashion/.test(page.url()) ? undefined : page.url());
}
