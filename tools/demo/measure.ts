/** Measures one source file: its lines, functions, longest function and open to-dos. */
import { extname } from 'node:path';
import ts from 'typescript';

/** What a file amounts to. Lengths are lines. */
export interface Measure {
  readonly lines: number;
  readonly functions: number;
  readonly longest: { readonly name: string; readonly lines: number } | null;
  readonly todos: number;
}

const scriptExtensions: ReadonlySet<string> = new Set([
  '.ts',
  '.tsx',
  '.mts',
  '.cts',
  '.js',
  '.jsx',
  '.mjs',
  '.cjs',
]);
const otherExtensions: ReadonlySet<string> = new Set([
  '.py',
  '.sh',
  '.sql',
  '.c',
  '.h',
  '.cc',
  '.cpp',
  '.go',
  '.rs',
  '.java',
  '.rb',
  '.css',
  '.html',
]);

/** Whether a file of this name is source that the survey counts. */
export function isSource(fileName: string): boolean {
  const extension = extname(fileName);
  return scriptExtensions.has(extension) || otherExtensions.has(extension);
}

/** Measures a file's text; functions are counted where the language's parser is at hand. */
export function measure(fileName: string, text: string): Measure {
  const functions = scriptExtensions.has(extname(fileName)) ? findFunctions(fileName, text) : [];
  const longest = functions.reduce<Measure['longest']>(
    (best, each) => (best === null || each.lines > best.lines ? each : best),
    null,
  );
  return {
    lines: text === '' ? 0 : text.replace(/\n$/, '').split('\n').length,
    functions: functions.length,
    longest,
    todos: text.match(/\b(?:TODO|FIXME|XXX)\b/g)?.length ?? 0,
  };
}

function findFunctions(fileName: string, text: string) {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const found: { name: string; lines: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      found.push({ name: nameOf(node), lines: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText()
    : '(anonymous)';
}
