/**
 * @file Makes the project ready and runs one of the benches of bench/; the first lines of each say what its flags are.
 *
 *     npm run bench -- --workload lenet5 --threads 1,2     two tables of networks beside other libraries
 *     npm run bench -- zoo                                 38 networks beside PyTorch and ONNX Runtime, in turn
 *     npm run bench -- random                              500 drawn convolutions beside oneDNN, and whether the rule chooses well
 *     npm run bench -- layers                              one workload's layers, as shares of the machine's limits
 *     npm run bench -- scaling                             how time and memory grow
 *     npm run bench -- features                            log-mel features beside other libraries
 *     npm run bench -- decoding                            from file to features or pixels, stage by stage, beside Python's libraries
 *     npm run bench -- onnx                                networks in ONNX Runtime, as exported by Auricle and by PyTorch
 *     npm run bench -- serve                               the server beside ONNX Runtime behind FastAPI
 *     npm run bench -- pictures                            decoding and resizing of jpegs beside Pillow
 *     npm run bench -- drumkits --seeds 5                  what the default recipe learns
 *     npm run bench -- transfer --seeds 5                  what the networks of others are worth on real music
 *     npm run bench -- gtzan --seeds 3                     published networks on GTZAN's fault-filtered split, as the literature has it
 *     npm run bench -- defaults --data ./speech            the default recipe beside PyTorch with the same architecture
 *     npm run bench -- augmentation --data digits          the augmentations of pictures, one after the other
 *     npm run bench -- picture-sets ./pictures             the folders of pictures that the documentation speaks of
 *     npm run bench -- browser                             LeNet-5 in the studio, beside Node.js and TensorFlow.js in the page
 *     npm run bench -- studio                              how fast the studio answers, with the table of docs/benchmarks.md
 *     npm run bench -- report results.jsonl                results into docs/benchmarks.md
 */
import { join } from "node:path";
import { build, checkNode, installDependencies, root, runNode, runScript } from "./setup.mjs";

/** Benches that are asked for by name; without one it is the two tables of networks. */
const NAMED = [
  "zoo",
  "random",
  "layers",
  "scaling",
  "features",
  "decoding",
  "onnx",
  "serve",
  "pictures",
  "drumkits",
  "transfer",
  "gtzan",
  "defaults",
  "augmentation",
  "picture-sets",
  "browser",
  "studio",
  "report",
];

await runScript(() => {
  checkNode();
  installDependencies();
  build();
  const [first, ...others] = process.argv.slice(2);
  if (NAMED.includes(first)) return runNode(join(root, "bench", `${first}.mjs`), others);
  return runNode(join(root, "bench", "main.mjs"), process.argv.slice(2));
});
