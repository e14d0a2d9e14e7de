/**
 * @file Sound in the studio: a clip of ten minutes opened, zoomed and played; files that are no sound; a microphone that hears a known
 * sound, one that is not allowed, and none.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerTimes } from "./answer-times.mjs";
import { tryTenMinutes } from "./long-sound.mjs";
import { dropSound, tones, wavOf } from "./sounds.mjs";
import { distance, numberIn, openStudio } from "./studio.mjs";

const LESSON = "#/learn/tensors";
/** Bytes that the page's process may have held at most. */
const MOST_MEMORY = 500e6;
/** Milliseconds that a task may keep the page from answering. */
const LONGEST_TASK = 100;
/** Cells of pictures that are painted, and pictures drawn, in one frame of the screen. */
const MOST_CELLS = 1.25 * 2 ** 20;
const MOST_PICTURES = 24;

export async function checkSound({ studio, check, program }) {
  await tellAnswers(studio);
  await checkTenMinutes(program, check);
  await checkFiles(studio, check);
  await checkMicrophone(program, check);
}

/** The times are told, not demanded: they are those of a machine that does nothing else. */
async function tellAnswers(studio) {
  for (const { name, median, milliseconds } of await answerTimes(studio)) {
    const all = milliseconds.map(Math.round).join(", ");
    console.log(`${name.toLowerCase()}: the spectrogram was there after ${Math.round(median)} ms (${all})`);
  }
}

async function checkTenMinutes(program, check) {
  const { openSeconds, longest, mostPainted, memory, isPlaying, problems } = await tryTenMinutes(program);
  console.log(`ten minutes: open after ${openSeconds.toFixed(1)} s`);
  check("ten minutes: they are still being played after 12 s", isPlaying ? undefined : "they ended");
  for (const [when, milliseconds] of Object.entries(longest)) {
    check(
      `ten minutes, ${when}: no task takes the processor more than ${LONGEST_TASK} ms (${Math.round(milliseconds)} ms)`,
      milliseconds <= LONGEST_TASK ? undefined : "longer than that",
    );
  }
  const { cells, pictures } = mostPainted;
  check(
    `ten minutes: a frame paints ${MOST_CELLS} cells at most (${cells}), and draws ${MOST_PICTURES} pictures (${pictures})`,
    cells > 0 && cells <= MOST_CELLS && pictures <= MOST_PICTURES ? undefined : "more than that",
  );
  if (memory === undefined) console.log("ten minutes: memory is measured on Linux alone");
  else {
    check(
      `ten minutes: under ${MOST_MEMORY / 1e6} MB (${Math.round(memory / 1e6)} MB)`,
      memory < MOST_MEMORY ? undefined : "more than that",
    );
  }
  check("ten minutes: nothing went wrong in the page", problems);
}

async function checkFiles(studio, check) {
  const page = await studio.open(LESSON);
  const input = page.getByLabel("Open a sound…").locator("input[type=file]");
  const broken = Buffer.from(tones(8000, 1, [440]).buffer);
  for (const [name, buffer] of [
    ["words.txt", Buffer.from("no sound at all")],
    ["broken.wav", Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVE"), broken.subarray(0, 300)])],
    ["empty.flac", Buffer.alloc(0)],
  ]) {
    await input.setInputFiles({ name, mimeType: "audio/wav", buffer });
    const alert = page.getByRole("alert").filter({ hasText: name });
    await alert.waitFor({ timeout: 5000 });
    check(
      `${name} is refused by its name, and what was open stays`,
      (await page.getByText("48,000 of them").count()) === 1 ? undefined : "the clip is gone",
    );
  }
  await dropSound(page, "short.wav", tones(8000, 0.01, [440]), 8000);
  await page.getByText("80 of them").waitFor({ timeout: 5000 });
  await page.getByLabel("magnitudes [N, T, F]").check();
  await page.getByLabel("Spectrogram of short.wav, example 1").waitFor();
  check("a sound shorter than a frame has a spectrogram", page.problems());
  await page.close();
}

const FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

async function checkMicrophone(program, check) {
  const folder = mkdtempSync(join(tmpdir(), "studio-check-"));
  const path = join(folder, "tone.wav");
  writeFileSync(path, wavOf(tones(48_000, 4, [1000]), 48_000));
  try {
    await withStudio(program, [...FAKE, `--use-file-for-fake-audio-capture=${path}`], async (studio) => {
      const page = await studio.open(LESSON, { permissions: ["microphone"] });
      await page.getByRole("button", { name: "Record" }).click();
      await page.getByRole("button", { name: /Stop 2\.\d s/ }).click({ timeout: 30_000 });
      await page.getByLabel("Waveform of Your recording, example 1").waitFor({ timeout: 10_000 });
      await page.getByLabel("magnitudes [N, T, F]").check();
      const pitch = await loudestFrequency(page);
      check("the microphone's tone of 1000 Hz is seen at 1000 Hz", distance(pitch, 1000, 16));
      check("recording: nothing went wrong in the page", page.problems());
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  await refuseMicrophone(program, check, "no permission", {
    flags: ["--use-fake-device-for-media-stream", "--deny-permission-prompts"],
    permissions: [],
    says: /does not let this page/,
  });
  await refuseMicrophone(program, check, "no microphone", {
    flags: [],
    permissions: ["microphone"],
    initScript: takeMicrophoneAway,
    says: /No microphone was found/,
  });
}

/** Tries to record where that cannot be, and expects to be told what to do, with the sound that was open still there. */
async function refuseMicrophone(program, check, what, { flags, says, ...options }) {
  await withStudio(program, flags, async (studio) => {
    const page = await studio.open(LESSON, options);
    await page.getByRole("button", { name: "Record" }).click();
    const alert = page.getByRole("alert").filter({ hasText: "icrophone" });
    await alert.waitFor({ timeout: 5000 });
    const text = (await alert.textContent()) ?? "";
    check(`${what}: it says what to do`, says.test(text) ? undefined : text);
    check(
      `${what}: the sound stays, and can still be exchanged`,
      (await page.getByText("48,000 of them").count()) === 1 &&
        (await page.getByRole("button", { name: "Record" }).isEnabled())
        ? undefined
        : "it does not",
    );
  });
}

/** Runs in the page before its own scripts: what a browser answers on a machine without a microphone. */
function takeMicrophoneAway() {
  navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException("Requested device not found", "NotFoundError"));
}

/** Walks along the bins of one frame, and finds the loudest. */
async function loudestFrequency(page) {
  const figure = page.getByLabel("Spectrogram of Your recording, example 1");
  const box = await figure.boundingBox();
  let best = { decibels: -Infinity, hertz: 0 };
  for (let bin = 40; bin < 90; bin++) {
    await page.mouse.move(box.x + 0.5 * box.width, box.y + box.height * (1 - (bin + 0.5) / 513));
    await page.waitForTimeout(60);
    const decibels = numberIn(/\((.*) dB/.exec(await page.locator(".value b").textContent())?.[1] ?? "−999");
    const index = numberIn(await page.locator(".here .number").nth(2).textContent());
    if (decibels > best.decibels) best = { decibels, hertz: (index * 16_000) / 1024 };
  }
  return best.hertz;
}

async function withStudio(program, flags, run) {
  const studio = await openStudio(program, flags);
  try {
    await run(studio);
  } finally {
    await studio.close();
  }
}
