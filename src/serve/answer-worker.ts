/** @file A thread that decodes what requests send and computes features; networks compute in theirs. Node only. */

import { parentPort, workerData } from "node:worker_threads";
import { MOST_NUMBERS } from "./limits.ts";
import type { AnswerLimits, AnswerTask, FromAnswerer, TaskAnswer, ToAnswerer } from "./messages.ts";
import { filesOfForm, type SentFile } from "./form-files.ts";
import { PredictingModel } from "./predicting-model.ts";
import { problemDetails, problemOf, RequestProblem, type ProblemKind } from "./problem.ts";
import type { Answer } from "./schemas.ts";
import { NetworkCalls } from "./network-calls.ts";

/** Files of a form that are computed at once: while one waits for the network, another is decoded. */
const FILES_AT_ONCE = 4;

/** The name of a file that has none, in messages. */
const UNNAMED = "the content";

function serveAnswers(port: NonNullable<typeof parentPort>): void {
  const limits = workerData as AnswerLimits;
  const post = (message: FromAnswerer, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const calls = new NetworkCalls((call, data, count) =>
    post({ kind: "windows", call, data, count }, [data.buffer as ArrayBuffer]),
  );
  const models = new Map<number, PredictingModel>();

  port.on("message", (message: ToAnswerer) => {
    switch (message.kind) {
      case "model":
        models.set(message.key, new PredictingModel(message.model, limits, calls));
        return;
      case "forget":
        models.delete(message.key);
        return;
      case "outputs":
        return calls.answered(message.call, message.outputs);
      case "refused":
        return calls.refused(message.call, new RequestProblem(message.problem, message.detail));
      case "task":
        answer(message.task).then(
          (given) => post({ kind: "answer", answer: given }),
          (error: unknown) => {
            const { problem, detail } = toldOf(error);
            post({ kind: "problem", problem, detail });
          },
        );
    }
  });

  async function answer(task: AnswerTask): Promise<TaskAnswer> {
    const model = models.get(task.key);
    if (!model) throw new Error(`no model ${task.key}`);
    calls.begin();
    if (task.content.kind === "form") return answerForm(model, task, task.content.type);
    const given =
      task.content.kind === "samples"
        ? await model.hear(task.bytes, task.content.sampleRate)
        : await model.predict({ name: UNNAMED, bytes: task.bytes }, task.hop);
    return {
      body: JSON.stringify({ ...task.answerer, ...chosen(given, task, model) }),
      windows: calls.windows,
      problems: [],
    };
  }

  /** The answer without its windows, unless they are wanted. @throws RequestProblem for more of them than one response has */
  function chosen(answer: Answer, { windows }: AnswerTask, { outputs }: PredictingModel): Answer {
    if (!windows) return { ...answer, windows: undefined };
    if (calls.windows * outputs <= MOST_NUMBERS) return answer;
    throw new RequestProblem(
      "too-long",
      `${calls.windows} windows of ${outputs} numbers are more than the ${MOST_NUMBERS} of one answer: choose a longer hop, or windows=false`,
    );
  }

  async function answerForm(model: PredictingModel, task: AnswerTask, type: string): Promise<TaskAnswer> {
    const files = await filesOfForm(task.bytes, type, limits.files);
    const problems: ProblemKind[] = [];
    const answers: object[] = [];
    const one = async ({ name, bytes }: SentFile): Promise<object> => {
      try {
        return { name, ...chosen(await model.predict({ name, bytes }, task.hop), task, model) };
      } catch (error) {
        const problem = problemOf(error);
        if (!problem) throw error;
        problems.push(problem.kind);
        return { name, problem: problemDetails(problem) };
      }
    };
    let next = 0;
    const work = async () => {
      for (let at = next++; at < files.length; at = next++) answers[at] = await one(files[at]);
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
    return { body: JSON.stringify({ ...task.answerer, answers }), windows: calls.windows, problems };
  }
}

function toldOf(error: unknown): { readonly problem: ProblemKind; readonly detail: string } {
  const problem = problemOf(error);
  if (problem) return { problem: problem.kind, detail: problem.message };
  return {
    problem: "internal",
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

if (parentPort) serveAnswers(parentPort);
