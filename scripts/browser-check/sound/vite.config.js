export default {
  // The default, a classic script, cannot load anything later, and decoders are loaded when they are needed.
  worker: { format: "es" },
};
