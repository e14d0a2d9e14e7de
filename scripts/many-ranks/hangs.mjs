/** @file A rank that hangs, in an exchange and before it has joined: the others say so after their time-out, and the job ends. */
import process from "node:process";

/** Seconds that ranks wait, and in which a job has to end after that. */
const TIMEOUT = 8;
const SECONDS_TO_END = 20;

/** @param train as `run` of many-ranks.mjs, for `auricle train` @param check notes whether something holds */
export async function checkHangs(engine, train, out, check) {
  const args = [
    "digits",
    "--epochs",
    "200",
    "--train-size",
    "200",
    "--out",
    out,
    "--rank-timeout",
    `${TIMEOUT}`,
  ];
  let since = 0;
  const stopped = await train(engine, 3, args, (text) => {
    const victim = /1 on \S+ \(process (\d+)\)/.exec(text)?.[1];
    if (since > 0 || victim === undefined || !text.includes(" 2/200 ")) return;
    since = performance.now();
    process.kill(Number(victim), "SIGSTOP");
  });
  requireEnd(stopped, since, `waited ${TIMEOUT} s for rank 1, which hangs`, "a rank that hangs");
  const began = performance.now();
  const early = await train([engine, "-n", "1", "sh", "-c", "kill -STOP $$", ":"], 2, args);
  requireEnd(
    early,
    began,
    `waited ${TIMEOUT} s in MPI_Init_thread`,
    "a rank that hangs before it has joined",
  );

  function requireEnd({ code, output }, since, message, what) {
    const seconds = (performance.now() - since) / 1000;
    const ends = since > 0 && code !== 0 && seconds < TIMEOUT + SECONDS_TO_END;
    check(
      `${engine}: ${what} ends all, who say so`,
      ends && output.includes(message),
      `exit code ${code} after ${seconds.toFixed(1)} s\n${output}`,
    );
  }
}
