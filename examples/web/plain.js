const element = document.querySelector("auricle-classifier");
const log = document.querySelector("#log");

element.addEventListener("prediction", ({ detail: { name, classes } }) => {
  const item = document.createElement("li");
  item.textContent = `${name}: ${classes[0].name}`;
  log.append(item);
});
element.addEventListener("error", ({ detail: { message } }) => console.warn(message));
