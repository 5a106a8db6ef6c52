/** What the rules look at: the checkout as a list of source files, each read and parsed once. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, posix } from 'node:path';
import ts from 'typescript';

/** The folders where code stands, and nowhere else. */
export const CODE_ROOMS = ['src', 'projections', 'test', 'tools'];

/** A broken house rule, and where. */
export interface Finding {
  /** Path below the root, with `/`. */
  readonly file: string;
  /** The line, counted from 1. */
  readonly line: number;
  readonly rule: string;
  /** What was found, and what to do instead. */
  readonly message: string;
}

/** A file with code in it. */
export interface Source {
  /** Path below the root, with `/`. */
  readonly file: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly isTest: boolean;
  readonly ast: ts.SourceFile;
  readonly imports: readonly Import[];
}

/** One reference from a file to another file or package, of whatever kind. */
export interface Import {
  /** As written, such as `./read.ts` or `node:fs`. */
  readonly specifier: string;
  /** Path of the file it means, below the root; undefined for packages. */
  readonly target: string | undefined;
  readonly line: number;
}

/** A checkout. */
export interface House {
  readonly root: string;
  readonly sources: readonly Source[];
}

/** A rule about one file. */
export type SourceRule = (source: Source) => Iterable<Finding>;

/** A rule about files together. */
export type HouseRule = (house: House) => Iterable<Finding>;

const PARSED = new Set(['.ts', '.tsx', '.mts', '.js', '.mjs']);

/** Reads every source file below the code rooms of a checkout. */
export function readHouse(root: string): House {
  const files = CODE_ROOMS.flatMap((room) => filesUnder(root, room));
  return { root, sources: files.filter(isParsed).map((file) => readSource(root, file)) };
}

/** Every file below a folder, as paths below the root; installed and built ones left out. */
export function filesUnder(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist')
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(root, path) : [path];
    });
}

/** A node and everything below it, in the order it is written. */
export function* descendants(node: ts.Node): Iterable<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* descendants(child);
}

/** The line a node begins on, counted from 1; comments before it do not count. */
export function lineOf(node: ts.Node, ast: ts.SourceFile): number {
  return ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1;
}

function isParsed(file: string): boolean {
  return PARSED.has(extname(file)) && !file.endsWith('.d.ts');
}

function readSource(root: string, file: string): Source {
  const text = readFileSync(join(root, file), 'utf8');
  const ast = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  return {
    file,
    text,
    lines: text.replace(/\n$/, '').split('\n'),
    isTest: file.startsWith('test/'),
    ast,
    imports: [...importsOf(ast)],
  };
}

function* importsOf(ast: ts.SourceFile): Iterable<Import> {
  for (const node of descendants(ast)) {
    const specifier = specifierOf(node);
    if (specifier === undefined) continue;
    const target = specifier.startsWith('.')
      ? posix.join(posix.dirname(ast.fileName), specifier)
      : undefined;
    yield { specifier, target, line: lineOf(node, ast) };
  }
}

function specifierOf(node: ts.Node): string | undefined {
  let specifier: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    specifier = node.moduleSpecifier;
  } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    specifier = node.argument.literal;
  } else if (ts.isCallExpression(node) && isLoading(node.expression)) {
    specifier = node.arguments[0];
  }
  return specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined;
}

function isLoading(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(callee) && callee.text === 'require')
  );
}
