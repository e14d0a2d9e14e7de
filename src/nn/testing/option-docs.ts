/** @file The docstrings of layers' options, read from the interfaces in src/nn/layers. For tests. */
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

const FOLDER = new URL("../layers/", import.meta.url);

interface Docs {
  /** By interface: the docstring of each property that it declares itself. */
  readonly interfaces: ReadonlyMap<
    string,
    { readonly own: ReadonlyMap<string, string>; readonly parents: readonly string[] }
  >;
  /** By function: the interface of its options. */
  readonly functions: ReadonlyMap<string, string>;
}

/** Reads all of them. */
export function readOptionDocs(): (factory: string) => ReadonlyMap<string, string> {
  const docs = readFolder();
  return (factory) => optionsOf(docs, docs.functions.get(factory) ?? "");
}

function optionsOf(docs: Docs, name: string): ReadonlyMap<string, string> {
  const found = docs.interfaces.get(name);
  if (!found) return new Map();
  return new Map([...found.parents.flatMap((parent) => [...optionsOf(docs, parent)]), ...found.own]);
}

function readFolder(): Docs {
  const interfaces = new Map<string, { own: Map<string, string>; parents: string[] }>();
  const functions = new Map<string, string>();
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  for (const file of files) {
    const source = ts.createSourceFile(
      file,
      readFileSync(new URL(file, FOLDER), "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    for (const statement of source.statements) {
      if (ts.isInterfaceDeclaration(statement)) interfaces.set(statement.name.text, interfaceOf(statement));
      else if (ts.isFunctionDeclaration(statement) && statement.name && statement.parameters.length > 0) {
        const { type } = statement.parameters[0];
        if (type && ts.isTypeReferenceNode(type)) functions.set(statement.name.text, type.typeName.getText());
      }
    }
  }
  return { interfaces, functions };
}

function interfaceOf(declaration: ts.InterfaceDeclaration) {
  const own = new Map(
    declaration.members.flatMap((member) =>
      member.name ? [[member.name.getText(), docOf(member)] as const] : [],
    ),
  );
  const parents = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.map(({ expression }) => expression.getText()),
  );
  return { own, parents };
}

function docOf(member: ts.TypeElement): string {
  return ts
    .getJSDocCommentsAndTags(member)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join(" ")
    .replaceAll(/\s+/g, " ");
}

/** A sentence that states a default, which descriptions have as a value. */
const DEFAULT = /^Default:? /;

/** A docstring without its default, in sentences. */
export function meaningOf(doc: string): string {
  return doc
    .split(/(?<=\.) (?=[A-Z"])/)
    .filter((sentence) => !DEFAULT.test(sentence))
    .join(" ");
}
