/** @file The lessons in the order of the course, each in a chunk of its own. */
import type { Component } from "svelte";

export interface LessonEntry {
  /** Its place in the address: "/learn/convolution". */
  readonly slug: string;
  readonly title: string;
  /** The question that it begins with. */
  readonly question: string;
  readonly load: () => Promise<{ default: Component }>;
}

export const LESSONS: readonly LessonEntry[] = [
  {
    slug: "tensors",
    title: "Data as tensors",
    question:
      "A sound is one long row of numbers. Which shapes can a network read it in, and what does each axis mean?",
    load: () => import("./tensors/Tensors.svelte"),
  },
  {
    slug: "convolution",
    title: "Convolution",
    question: "What comes out of a 7 × 7 picture when a 3 × 3 window moves over it in steps of 2?",
    load: () => import("./convolution/Convolution.svelte"),
  },
  {
    slug: "pooling",
    title: "Pooling",
    question: "A picture moves by one place. How much of what comes out of pooling changes?",
    load: () => import("./pooling/Pooling.svelte"),
  },
  {
    slug: "waveform",
    title: "1D convolution on the waveform",
    question: "A filter that slides along a sound: which shape does it have, and what does it sound like?",
    load: () => import("./waveform/WaveformLesson.svelte"),
  },
  {
    slug: "answer",
    title: "From feature maps to an answer",
    question: "How do maps become one of ten answers, and why do some losses teach a network so badly?",
    load: () => import("./answer/Answer.svelte"),
  },
  {
    slug: "lenet",
    title: "LeNet-5",
    question: "What does each layer of a network that reads handwriting see in a digit of yours?",
    load: () => import("./lenet/Lenet.svelte"),
  },
  {
    slug: "initialisation",
    title: "Filter initialisation",
    question: "What becomes of a network whose weights all begin at 0?",
    load: () => import("./initialisation/Initialisation.svelte"),
  },
  {
    slug: "regularisation",
    title: "Dropout and batch normalisation",
    question: "A network knows all of its training digits by heart. What is wrong with that?",
    load: () => import("./regularisation/Regularisation.svelte"),
  },
  {
    slug: "adam",
    title: "Adam",
    question: "Why does plain gradient descent zigzag, and what do four ways down a hill keep in mind?",
    load: () => import("./adam/Adam.svelte"),
  },
  {
    slug: "assignment",
    title: "The assignment",
    question:
      "A network knows its own training music by heart. How do you find out what it would say about other music?",
    load: () => import("./assignment/Assignment.svelte"),
  },
];

export function lessonAt(slug: string): LessonEntry | undefined {
  return LESSONS.find((lesson) => lesson.slug === slug);
}
