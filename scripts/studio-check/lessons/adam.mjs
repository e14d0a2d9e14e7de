/** @file The lesson on Adam: four paths against plain loops, the start, a training, the range test, the exercise. */
import { distance, difference, numberIn } from "../studio.mjs";

const STEPS = 100;

/** The losses of the four optimizers in the valley, by their formulas. */
function referenceLosses() {
  const rules = {
    SGD: () => (g) => -0.197 * g,
    Momentum: () => {
      let m = 0;
      return (g) => (m = 0.9 * m - 0.02 * g);
    },
    RMSprop: () => {
      let v = 0;
      return (g) => {
        v = 0.9 * v + 0.1 * g * g;
        return (-0.05 * g) / Math.sqrt(v + 1e-7);
      };
    },
    Adam: () => {
      let [m, v, t] = [0, 0, 0];
      return (g) => {
        t++;
        m = 0.9 * m + 0.1 * g;
        v = 0.999 * v + 0.001 * g * g;
        return (-0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-7);
      };
    },
  };
  return Object.fromEntries(
    Object.entries(rules).map(([name, make]) => {
      const [moveX, moveY] = [make(), make()];
      let [x, y] = [-1.8, 0.8];
      const losses = [];
      for (let step = 0; step <= STEPS; step++) {
        losses.push(0.1 * x ** 2 + 5 * y ** 2);
        [x, y] = [x + moveX(0.2 * x), y + moveY(10 * y)];
      }
      return [name, losses];
    }),
  );
}

async function tableOf(page, name) {
  return page
    .getByRole("table", { name })
    .locator("tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
}

export async function checkLesson({ page, studio, check }) {
  await page.waitForFunction(() => document.querySelector("table td")?.textContent !== "–");
  const [[, ...names], ...rows] = await tableOf(page, "Loss along the paths");
  const reference = referenceLosses();
  for (const [i, name] of names.entries()) {
    const wrong = rows
      .map((cells) => {
        const [step, shown] = [numberIn(cells[0]), numberIn(cells[i + 1])];
        const wanted = reference[name][step];
        return distance(shown, wanted, 0.01 * wanted + 1e-4);
      })
      .find(Boolean);
    check(`${name} in the valley, at ${rows.length} steps`, wrong);
  }

  await page.getByRole("application", { name: /^The surface Valley/ }).focus();
  await page.keyboard.press("ArrowRight");
  check("the keyboard moves the start", /start=-1.75,0.8/.test(page.url()) ? undefined : page.url());
  const button = page.getByRole("button", { name: "Check what is on the stage" });
  await button.click();
  await page.getByText(/Put the start back/).waitFor();
  const again = await studio.open(page.url().slice(page.url().indexOf("#")));
  await again.waitForFunction(() => document.querySelector("table td")?.textContent !== "–");
  const [, first] = await tableOf(again, "Loss along the paths");
  check("the address restores the start", distance(numberIn(first[1]), 0.1 * 1.75 ** 2 + 5 * 0.64, 0.01));
  await again.close();
  await page.getByRole("button", { name: "Start over" }).click();

  await checkNetwork(page, check);
  await page.getByLabel("A loss surface").check();
  const rate = page.locator("[class*='part']:not([hidden])").getByLabel("Learning rate of SGD, as a number");
  await button.click();
  await page.getByText(/not below/).waitFor();
  await rate.fill("0.17");
  await rate.press("Enter");
  await page.waitForTimeout(700);
  await button.click();
  await page.getByText("✓ Solved.").waitFor({ timeout: 5000 });
  check("the exercise is solved", undefined);
}

async function checkNetwork(page, check) {
  await page.getByLabel("A real network").check();
  const steps = page.locator("[class*='part']:not([hidden])").getByLabel("Steps, as a number");
  await steps.fill("30");
  await steps.press("Enter");
  await page.getByRole("button", { name: /^Train with all four, 30/ }).click();
  await page.getByText("30 steps made").waitFor({ timeout: 120_000 });
  const [, ...losses] = await tableOf(page, "Learning curves of the optimizers");
  const [early, late] = [losses[0], losses.at(-1)].map((cells) => cells.slice(1).map(numberIn));
  check("all four begin alike", difference(new Set(early).size, 1));
  check("Adam learns", late[3] < early[3] ? undefined : `${early[3]}, then ${late[3]}`);

  await page.getByLabel("The range test").check();
  await page.getByRole("button", { name: "Test the range with Adam" }).click();
  await page.evaluate(stopOnceItRuns);
  await page.getByText("Stopped before its end, so there is no suggestion.").waitFor({ timeout: 30_000 });
  const made = numberIn(
    (
      await page
        .getByText(/^\d+ steps made$/)
        .last()
        .textContent()
    ).split(" ")[0],
  );
  check("a range test stops", made > 0 && made < 120 ? undefined : `${made} steps`);
  await page.getByRole("button", { name: "Test the range with Adam" }).click();
  await page.getByText(/tenth of the learning rate/).waitFor({ timeout: 120_000 });
  await page.getByRole("button", { name: /^Take .* for Adam/ }).click();
  check("the suggestion is taken", /powers=-2,-2,-[\d.]+/.test(page.url()) ? undefined : page.url());
}

/** Runs in the page, since the whole test is over before a pointer has moved: presses "Stop" once there are steps. */
function stopOnceItRuns() {
  const press = () => {
    const stop = [...document.querySelectorAll("button")].find(
      (button) => button.textContent === "Stop" && button.offsetParent !== null,
    );
    if (stop && /Step [1-9]\d* of at most/.test(document.body.innerText)) stop.click();
    else requestAnimationFrame(press);
  };
  press();
}
