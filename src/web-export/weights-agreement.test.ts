/** @file How near rounded weights come, for answers of each kind. */
import { expect, it } from "vitest";
import { pictureModel, soundModel, TASKS, type Task } from "../onnx/export/testing/built-in-models.ts";
import { roundedWeights } from "./weight-forms.ts";
import { weightsAgreement } from "./weights-agreement.ts";

const MODELS = {
  sounds: (task: Task) => soundModel("mel-cnn", task, { steps: 16 }).model,
  pictures: (task: Task) => pictureModel("lenet5", task, 28, 1),
};

it.each((["sounds", "pictures"] as const).flatMap((medium) => TASKS.map((task) => [medium, task] as const)))(
  "of %s, %s: int8 differs more than float16, and a model agrees with itself",
  async (medium, task) => {
    const make = () => MODELS[medium](task);
    const exact = make();
    const compared = async (form: "float32" | "float16" | "int8") => {
      const rounded = make();
      rounded.network.setWeights(roundedWeights(exact.network, form));
      return weightsAgreement(exact, rounded);
    };
    const itself = await compared("float32");
    expect(itself.measuredOn).toBe(`built-in ${medium}`);
    expect(itself.largestDifference).toBe(0);
    // Numbers have no answers that could be the same.
    expect(itself.same).toBe(task === "regression" ? undefined : 1);
    const [half, eighth] = [await compared("float16"), await compared("int8")];
    expect(half.largestDifference).toBeGreaterThan(0);
    expect(half.largestDifference).toBeLessThan(eighth.largestDifference);
  },
);
