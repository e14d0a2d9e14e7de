/** @file Files that are damaged, empty, of another kind or unusual, and names and labels with HTML in them. */
import { Buffer } from "node:buffer";
import { encodeWav } from "../../dist/audio/index.js";
import { audioMetadata } from "../../dist/audio-model/index.js";
import { conv2d, dense, globalAveragePooling2d, modelToBytes, sequential } from "../../dist/index.js";
import { tones } from "./sounds.mjs";
import { difference } from "./studio.mjs";

const MARKUP = "<img src=x onerror=alert(1)>";
/** A header of each format, and nothing that goes on from there. */
const TORN = {
  "torn.jpg": [0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1],
  "torn.png": [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
  "torn.webp": [..."RIFF\0\0\0\0WEBPVP8 "].map((character) => character.charCodeAt(0)),
  "torn.gif": [..."GIF89a"].map((character) => character.charCodeAt(0)),
};
const OTHERS = {
  "words.txt": Buffer.from("no file of that kind"),
  "nothing.bin": Buffer.alloc(0),
  "noise.dat": Buffer.from(Uint8Array.from({ length: 4096 }, (_, i) => (i * i * 31 + 7 * i) & 255)),
};

export async function checkHardFiles({ studio, check }) {
  await checkSounds(studio, check);
  await checkPictures(studio, check);
  await checkModels(studio, check);
}

/** Gives a file to a field. */
function give(page, field, name, buffer) {
  const file = { name, mimeType: "application/octet-stream", buffer: Buffer.from(buffer) };
  return page.getByLabel(field).locator("input[type=file]").last().setInputFiles(file);
}

/** Gives files that are none of that kind, and expects each to be refused by its name. */
async function refuse(page, field, files, check) {
  for (const [name, buffer] of Object.entries(files)) {
    await give(page, field, name, buffer);
    const refused = page.getByRole("alert").filter({ hasText: name });
    const isRefused = await refused.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    check(`${field.replace("…", "")}: ${name} is refused by its name`, isRefused ? undefined : "it is not");
  }
}

async function checkSounds(studio, check) {
  const field = "Open a sound…";
  const page = await studio.open("#/learn/tensors");
  const wav = Buffer.from(encodeWav({ sampleRate: 8000, channels: [tones(8000, 0.5, [440])] }));
  await refuse(
    page,
    field,
    { ...OTHERS, ...TORN, "torn.wav": wav.subarray(0, 40), "torn.flac": Buffer.from("fLaC") },
    check,
  );

  const six = [440, 550, 660, 770, 880, 990].map((hertz) => tones(22_050, 1, [hertz]));
  await give(page, field, "six channels.wav", Buffer.from(encodeWav({ sampleRate: 22_050, channels: six })));
  await page.getByText("22,050 of them").waitFor({ timeout: 10_000 });
  await page.getByLabel("Waveform of six channels.wav, example 1").waitFor();
  const text = await page.locator(".value").textContent();
  check(
    "six channels at 22,050 Hz become one at their rate",
    /of 22,050 in memory/.test(text ?? "") ? undefined : text,
  );
  // Cut off in the middle, and decoded up to there.
  await give(page, field, "half.wav", wav.subarray(0, wav.length >> 1));
  await page.getByLabel("Waveform of half.wav, example 1").waitFor({ timeout: 10_000 });

  await give(page, field, `${MARKUP}.wav`, wav);
  await page.getByLabel(`Waveform of ${MARKUP}.wav, example 1`).waitFor({ timeout: 10_000 });
  await expectText(page, "a sound's name", check);
  check("sounds: nothing went wrong in the page", page.problems());
  await page.close();
}

async function checkPictures(studio, check) {
  const page = await studio.open("#/learn/tensors?form=picture");
  await page.getByLabel("The picture, all channels").waitFor({ timeout: 10_000 });
  const wav = Buffer.from(encodeWav({ sampleRate: 8000, channels: [tones(8000, 0.1, [440])] }));
  await refuse(page, "Open a picture…", { ...OTHERS, ...TORN, "sound.wav": wav }, check);
  check(
    "pictures: what was open stays",
    (await page.getByLabel("The picture, all channels").count()) === 1 ? undefined : "it is gone",
  );
  check("pictures: nothing went wrong in the page", page.problems());
  await page.close();
}

/** A network on half a second of sound whose classes are called like elements of HTML. */
function modelWithMarkup() {
  const frontEnd = { kind: "melSpectrogram", sampleRate: 8000, fftSize: 256, hopLength: 128, melBands: 16 };
  const model = sequential(
    [
      conv2d({
        filters: 2,
        kernelSize: 3,
        activation: "relu",
        inputShape: [32, 16, 1],
        name: "<b>edges",
      }),
      globalAveragePooling2d(),
      dense({ units: 2 }),
    ],
    { seed: 1, name: MARKUP },
  );
  model.metadata = audioMetadata({
    task: "classification",
    classNames: [MARKUP, "<script>alert(2)</script>"],
    frontEnd,
    windowFrames: 32,
  });
  return Buffer.from(modelToBytes(model));
}

async function checkModels(studio, check) {
  const page = await studio.open("#/inspect");
  await page.getByText("first view.safetensors").waitFor({ timeout: 60_000 });
  const bytes = modelWithMarkup();
  const header = Number(bytes.readBigUInt64LE(0));
  await refuse(
    page,
    "Open a model (.safetensors)…",
    {
      ...OTHERS,
      "torn.safetensors": bytes.subarray(0, header),
      "short.safetensors": bytes.subarray(0, bytes.length - 8),
      "header.safetensors": Buffer.concat([
        bytes.subarray(0, 8),
        Buffer.alloc(header, 123),
        bytes.subarray(8 + header),
      ]),
      "long.safetensors": Buffer.concat([
        Buffer.from([255, 255, 255, 255, 255, 255, 255, 127]),
        bytes.subarray(8),
      ]),
    },
    check,
  );
  check(
    "models: what was open stays",
    (await page.getByText("first view.safetensors").count()) > 0 ? undefined : "it is gone",
  );
  await give(page, "Open a model (.safetensors)…", `${MARKUP}.safetensors`, bytes);
  await page
    .getByRole("list", { name: "The answer", exact: true })
    .getByText(MARKUP)
    .waitFor({ timeout: 30_000 });
  await expectText(page, "names of a model, its layers and classes", check);
  check("models: nothing went wrong in the page", page.problems());
  await page.close();
}

/** Expects that text from data has become no element, and has run no script. */
async function expectText(page, what, check) {
  const found = await page.evaluate(
    () => document.querySelectorAll("main img, main script, main b b").length,
  );
  check(`${what}: HTML stays text`, difference(found, 0));
}
