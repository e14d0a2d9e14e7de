import { useState } from "react";
import { createRoot } from "react-dom/client";

function App() {
  const [heard, setHeard] = useState([]);
  const [fault, setFault] = useState();
  return (
    <main>
      <h1>What is this?</h1>
      <auricle-classifier
        src="model/model/"
        onprediction={({ detail }) => setHeard((before) => [...before, detail])}
        onerror={({ detail }) => setFault(detail.message)}
      />
      {fault && <p>{fault}</p>}
      <ol id="log">
        {heard.map(({ name, classes }, i) => (
          <li key={i}>{`${name}: ${classes[0].name}`}</li>
        ))}
      </ol>
    </main>
  );
}

createRoot(document.querySelector("#app")).render(<App />);
