/** @file How soon an interaction is answered: from a slider's step to the spectrogram that it gives, on the clock. */

const SLIDERS = [
  ["Window", [2, 3, 5, 4, 2, 3, 5, 4]],
  ["Hop", [1, 2, 3, 4, 6, 7, 5, 3]],
];

/** @returns {Promise<readonly { name: string, milliseconds: readonly number[], median: number }[]>} */
export async function answerTimes(studio) {
  const page = await studio.open("#/learn/tensors?form=magnitude");
  await page.getByLabel("Spectrogram of Plucked phrase, example 1").locator("canvas").waitFor();
  await page.waitForTimeout(500);
  const answers = [];
  for (const [name, stops] of SLIDERS) {
    // The first round compiles.
    await page.evaluate(timeSteps, { name, stops });
    const milliseconds = await page.evaluate(timeSteps, { name, stops });
    answers.push({ name, milliseconds, median: milliseconds.toSorted((a, b) => a - b)[stops.length >> 1] });
  }
  await page.close();
  return answers;
}

/** Runs in the page: moves a slider, and waits until a row of the spectrogram's pixels is another. */
async function timeSteps({ name, stops }) {
  const slider = [...document.querySelectorAll("input[type=range]")].find((input) =>
    input.labels?.[0]?.textContent?.startsWith(name),
  );
  const canvas = document.querySelector('[aria-label^="Spectrogram of"] canvas');
  const row = () => {
    const { data } = canvas
      .getContext("2d")
      .getImageData(0, Math.floor(0.9 * canvas.height), canvas.width, 1);
    return data.reduce((hash, value) => (31 * hash + value) % 1_000_003, canvas.width);
  };
  const times = [];
  for (const stop of stops) {
    const before = row();
    const start = performance.now();
    slider.value = String(stop);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (row() === before && performance.now() - start < 3000) await new Promise(requestAnimationFrame);
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return times;
}
