/** @file Methods of explanation, with what each shows and what it cannot show. */
import type { ExplanationMethod } from "auricle/explain";

export interface MethodWords {
  readonly name: string;
  readonly shows: string;
  /** The honest word. */
  readonly caution: string;
}

export const METHODS: Readonly<Record<ExplanationMethod, MethodWords>> = {
  gradCam: {
    name: "Grad-CAM",
    shows: "Where the maps of the last convolution are active that speak for this answer.",
    caution: "As coarse as that layer's maps. It cannot show evidence against the answer.",
  },
  saliency: {
    name: "Saliency",
    shows: "How strongly the answer changes if a place is changed a little.",
    caution: "Noisy, and about tiny changes: what matters altogether can have no slope here.",
  },
  integratedGradients: {
    name: "Integrated gradients",
    shows:
      "What each place adds on the way from silence, or black, to this input; the parts add up to the answer's score.",
    caution: "Another beginning than silence gives another map.",
  },
  occlusion: {
    name: "Occlusion",
    shows: "How far the score falls when a window of the input is covered.",
    caution:
      "A covered window is nothing that the network ever saw, and two places that can stand in for each other both look unimportant.",
  },
};
