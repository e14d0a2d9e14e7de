/** @file Many models in one page: open at once, and opened and dropped one after the other; and one that outgrows its memory. */
import { conv2d, floatArray, globalAveragePooling2d, modelFromBytes, sequential } from "auricle";
import { AudioModel } from "auricle/audio-model";
import { soundModel } from "../sound-model.mjs";

const TOGETHER = 20;
const IN_TURN = 200;

const SOUND = {
  sampleRate: 16_000,
  samples: Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i / 7) / 2),
};

/**
 * Lets a model predict for one example, for 32, which take 130 MB, twice what a phone's first memory has, and for the one again.
 * @returns how many different answers there were for the one
 */
async function growingAnswers(threads) {
  const shape = [128, 128, 1];
  const layers = [conv2d({ filters: 64, kernelSize: 3, inputShape: shape }), globalAveragePooling2d()];
  const model = sequential(layers, { threads });
  const answers = new Set();
  for (const count of [1, 32, 1]) {
    const x = floatArray(
      new Float32Array(count * 128 * 128).map((_, i) => Math.sin(i % 9999)),
      [count, ...shape],
    );
    answers.add((await model.predict(x)).data.slice(0, 64).join());
  }
  return answers.size;
}

/**
 * Opens models and lets each predict.
 * @returns the number of threads, of models that predicted while they were open at once, and of those that did in turn; and the
 *   message of the first failure
 */
export async function openMany(threads) {
  const bytes = await soundModel();
  const counts = { threads, together: 0, inTurn: 0 };
  const open = () => new AudioModel(modelFromBytes(bytes, undefined, { threads }));
  const answerOf = async (model) => (await model.predict(SOUND)).outputs.join();
  try {
    const models = [];
    const answers = new Set();
    for (; counts.together < TOGETHER; counts.together++) {
      models.push(open());
      answers.add(await answerOf(models.at(-1)));
    }
    // The first ones work as well as the last one.
    for (const model of models) answers.add(await answerOf(model));
    for (; counts.inTurn < IN_TURN; counts.inTurn++) answers.add(await answerOf(open()));
    return { ...counts, answers: answers.size, growing: await growingAnswers(threads) };
  } catch (error) {
    return { ...counts, failure: `${error.name} ${error.code}: ${error.message}` };
  }
}
