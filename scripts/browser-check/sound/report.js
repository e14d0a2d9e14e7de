/** @file Files for the workload, and where its results go. */
export async function read(name) {
  const response = await fetch(new URL(`/${name}`, location.origin));
  return response.arrayBuffer();
}

/** Posts what `run` returns, or its error. */
export function report(run) {
  const post = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
  return run().then(
    (results) => post({ isolated: crossOriginIsolated, results }),
    (error) => post({ error: error.stack }),
  );
}
