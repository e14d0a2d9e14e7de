/** @file The behaviour of every store, in Node.js as in a browser. */

const text = (bytes) => new TextDecoder().decode(bytes);
const codeOf = (promise) =>
  promise.then(
    () => "no error",
    ({ code }) => code,
  );

/** Each with what it must give. */
const CASES = {
  "what was written is read": async (store, at) => {
    await store.writeAtomic(at("a"), "one");
    await store.writeAtomic(at("a"), new Uint8Array([116, 119, 111]));
    return text(await store.read(at("a")));
  },
  "text is added at the end, to a new file too": async (store, at) => {
    await store.append(at("log"), "1\n");
    await store.append(at("log"), "2\n");
    return text(await store.read(at("log")));
  },
  "a part of a file is read, and no more than it has": async (store, at) => {
    await store.writeAtomic(at("b"), "0123456789");
    const file = await store.open(at("b"));
    const parts = [await file.read(2, 3), await file.read(8, 100), await file.read(20, 1)].map(text);
    await file.close();
    return [file.size, ...parts].join();
  },
  "many writes of one file at once leave one of them, whole": async (store, at) => {
    const texts = ["a", "b", "c", "d"].map((letter) => letter.repeat(100_000));
    await Promise.all(texts.map((one) => store.writeAtomic(at("many"), one)));
    return texts.includes(text(await store.read(at("many"))));
  },
  "a renamed file replaces another": async (store, at) => {
    await store.writeAtomic(at("from"), "new");
    await store.writeAtomic(at("to"), "old");
    await store.rename(at("from"), at("to"));
    return `${text(await store.read(at("to")))} ${await codeOf(store.read(at("from")))}`;
  },
  "a second name keeps its content when the first one gets another": async (store, at) => {
    await store.writeAtomic(at("last"), "1");
    await store.duplicate(at("last"), at("previous"));
    await store.writeAtomic(at("last"), "2");
    return text(await store.read(at("previous")));
  },
  "folders are made with those above them, listed and removed with all in them": async (store, at) => {
    await store.makeFolder(at("x/y"));
    await store.makeFolder(at("x/y"));
    await store.writeAtomic(at("x/y/z"), "");
    const listed = (await store.list(at("x"))).map(({ name, kind }) => `${kind} ${name}`);
    const there = [
      await codeOf(store.makeNewFolder(at("x"))),
      await codeOf(store.makeNewFolder(at("x/new"))),
    ];
    await store.remove(at("x"));
    await store.remove(at("x"));
    return [...listed, ...there, await codeOf(store.list(at("x")))].join();
  },
  "facts tell files, folders and changes": async (store, at) => {
    await store.writeAtomic(at("f"), "123");
    const before = await store.look(at("f"));
    await store.writeAtomic(at("f"), "1234");
    const after = await store.look(at("f"));
    const [file, folder] = [before.kind, (await store.look(at(""))).kind];
    return [
      file,
      folder,
      after.bytes,
      before.signature === after.signature,
      Date.now() - after.modified < 60_000,
    ].join();
  },
  "errors have the system's codes": async (store, at) => {
    await store.writeAtomic(at("file"), "");
    const all = [
      store.read(at("none")),
      store.look(at("none/deep")),
      store.read(at("file/below")),
      store.list(at("file")),
      store.writeAtomic(at("none/deep"), ""),
    ];
    return (await Promise.all(all.map(codeOf))).join();
  },
};

const EXPECTED = {
  "what was written is read": "two",
  "text is added at the end, to a new file too": "1\n2\n",
  "a part of a file is read, and no more than it has": "10,234,89,",
  "many writes of one file at once leave one of them, whole": true,
  "a renamed file replaces another": "new ENOENT",
  "a second name keeps its content when the first one gets another": "1",
  "folders are made with those above them, listed and removed with all in them":
    "folder y,EEXIST,no error,ENOENT",
  "facts tell files, folders and changes": "file,folder,4,false,true",
  "errors have the system's codes": "ENOENT,ENOENT,ENOTDIR,ENOTDIR,ENOENT",
};

/** The statements that do not hold of a store, with what came; `folder` is made for it, and removed. */
export async function storeProblems(store, folder) {
  const problems = [];
  await store.makeFolder(folder);
  for (const [name, run] of Object.entries(CASES)) {
    const came = await run(store, (path) => `${folder}/${path}`).catch(String);
    if (came !== EXPECTED[name]) problems.push(`${name}: ${JSON.stringify(came)}`);
  }
  await store.remove(folder);
  return problems;
}
