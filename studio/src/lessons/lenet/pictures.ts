/** @file The pictures that the networks learn from: digits that code draws, or the reader's copy of Fashion-MNIST. */
import { digitsDataset, imageDataset, parseIdx, type Dataset } from "auricle/data";
import { CLASS_NAMES, TESTS, TRAINING } from "./classes.ts";

export interface Pictures {
  readonly train: Dataset;
  readonly test: Dataset;
}

const SIDE = 28;
/** The first labels of Fashion-MNIST, by which it is told from other data in the same form, such as MNIST. */
const FIRST_LABELS = "9,0,0,3,0,2,7,2,5,5";

let digits: Pictures | undefined;

/** Draws the digits when they are first asked for. */
export function drawnDigits(): Pictures {
  digits ??= {
    train: digitsDataset({ count: TRAINING }),
    test: digitsDataset({ role: "test", count: TESTS }),
  };
  return digits;
}

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Part {
  images?: Uint8Array;
  labels?: Uint8Array;
}

/**
 * Reads the four files of Fashion-MNIST, plain or compressed, under whatever names: what each is follows from its content. The first
 * pictures of each part are taken.
 * @throws an error that names the file, or says which ones are missing
 */
export async function readFashion(files: readonly NamedBytes[]): Promise<Pictures> {
  const parts: Readonly<Record<"train" | "test", Part>> = { train: {}, test: {} };
  for (const { name, bytes } of files) {
    const { shape, data } = await parseIdx(bytes, name);
    const [count, ...picture] = shape;
    const isImages = picture.length === 2 && picture.every((side) => side === SIDE);
    if (!(data instanceof Uint8Array) || !(isImages || picture.length === 0)) {
      throw new Error(`${name} holds neither pictures of ${SIDE} × ${SIDE} nor labels`);
    }
    const [part, kept] = count > 10_000 ? [parts.train, TRAINING] : [parts.test, TESTS];
    if (isImages) part.images = data.slice(0, kept * SIDE * SIDE);
    else part.labels = data.slice(0, kept);
  }
  const train = datasetOf("training", parts.train, TRAINING);
  const first = Array.from(parts.train.labels?.subarray(0, 10) ?? []).join();
  if (first !== FIRST_LABELS) {
    throw new Error(
      `These are not the labels of Fashion-MNIST, which begin with ${FIRST_LABELS}; these begin with ${first}`,
    );
  }
  return { train, test: datasetOf("test", parts.test, TESTS) };
}

function datasetOf(role: string, { images, labels }: Part, count: number): Dataset {
  const missing = [images ? [] : ["pictures"], labels ? [] : ["labels"]].flat();
  if (!images || !labels || images.length < count * SIDE * SIDE || labels.length < count) {
    const why =
      missing.length > 0
        ? `the ${missing.join(" and the ")} for ${role} are missing`
        : `there are too few for ${role}`;
    throw new Error(`Four files are needed, pictures and labels for training and for test: ${why}`);
  }
  return imageDataset({
    name: `fashion-mnist (${role})`,
    images,
    imageShape: [SIDE, SIDE, 1],
    labels,
    classNames: CLASS_NAMES.fashion,
  });
}
