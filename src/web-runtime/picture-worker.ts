/** @file The worker of a model of pictures. */
import { AuricleError } from "../errors.ts";
import { PictureModel } from "./picture-model.ts";
import type { PicturePlan, Plan, PlanOf } from "./plan.ts";
import { serve } from "./serve.ts";

/** The bytes of a file that are still read; pictures have far fewer. */
const MOST_BYTES = 2 ** 28;

serve((plan, machine) => {
  if (!isPicture(plan)) throw new AuricleError("file", `${plan.name}: this is no model of pictures`);
  const model = new PictureModel(plan, machine);
  return async ({ content, name }) => {
    if (!(content instanceof Blob)) throw new AuricleError("argument", `${name}: this is no picture`);
    if (content.size > MOST_BYTES) {
      const most = MOST_BYTES / 2 ** 20;
      throw new AuricleError(
        "argument",
        `${name}: it has more than ${most} MB, the most that this page takes`,
      );
    }
    const { decodePicture } = await import("./decode-picture.ts");
    return { outputs: model.predict(await decodePicture(content, name)) };
  };
});

function isPicture(plan: Plan): plan is PlanOf<PicturePlan> {
  return plan.input.kind === "picture";
}
