/** @file The first example of docs/browser.md. */
import { modelFromBytes } from "auricle";
import { decodeAudio } from "auricle/audio";
import { AudioModel } from "auricle/audio-model";

/** Classifies a recording (a File of an input, or the response to a fetch) with the model at an address. */
export async function listen(modelAddress, recording) {
  const response = await fetch(modelAddress);
  const model = new AudioModel(modelFromBytes(await response.arrayBuffer()));
  const audio = await decodeAudio(await recording.arrayBuffer(), recording.name);
  const { outputs, isSilent } = await model.predict(audio);
  return model.classNames.map((name, i) => ({ name, probability: outputs[i], isSilent }));
}
