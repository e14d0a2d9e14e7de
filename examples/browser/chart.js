/** @file A curve of the loss on a canvas. */

/** Weight of the curve's past in the moving average. */
const MEMORY = 0.9;
const MARGIN = { left: 34, right: 6, top: 8, bottom: 24 };

/** Makes a chart for up to `steps` losses from 0 to `highest`. It draws at most once per frame of the screen. */
export function lossChart(canvas, steps, highest) {
  const losses = [];
  let pending = false;

  function redraw() {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      draw(canvas, losses, steps, highest);
    });
  }
  new ResizeObserver(redraw).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

  return {
    add(loss) {
      losses.push(loss);
      redraw();
    },
    clear() {
      losses.length = 0;
      redraw();
    },
  };
}

function draw(canvas, losses, steps, highest) {
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  const context = canvas.getContext("2d");
  context.scale(devicePixelRatio, devicePixelRatio);
  const style = getComputedStyle(canvas);
  const colour = (name) => style.getPropertyValue(name);
  const x = (step) => MARGIN.left + (step / steps) * (width - MARGIN.left - MARGIN.right);
  const y = (loss) =>
    height - MARGIN.bottom - (Math.min(loss, highest) / highest) * (height - MARGIN.top - MARGIN.bottom);

  context.font = `12px ${style.fontFamily}`;
  context.fillStyle = colour("--quiet");
  context.strokeStyle = colour("--line");
  context.textBaseline = "middle";
  for (let loss = 0; loss <= highest; loss += 0.5) {
    context.textAlign = "right";
    context.fillText(loss.toFixed(1), MARGIN.left - 8, y(loss));
    line(context, [x(0), x(steps)], [y(loss), y(loss)]);
  }
  context.textAlign = "left";
  context.fillText("step 0", x(0), height - 8);
  context.textAlign = "right";
  context.fillText(String(steps), x(steps), height - 8);

  const places = losses.map((_, i) => x(i + 1));
  context.lineJoin = "round";
  context.strokeStyle = colour("--faint");
  line(context, places, losses.map(y));
  context.lineWidth = 2.5;
  context.strokeStyle = colour("--accent");
  line(context, places, movingAverage(losses).map(y));
}

function line(context, xs, ys) {
  context.beginPath();
  xs.forEach((x, i) => context.lineTo(x, ys[i]));
  context.stroke();
}

function movingAverage(values) {
  let average = values[0];
  return values.map((value, i) => {
    // The first values count fully, or the curve would start too slowly.
    const memory = Math.min(MEMORY, i / (i + 1));
    return (average = memory * average + (1 - memory) * value);
  });
}
