/**
 * The ambient world is banned below `host`, and in the state of the page: no clock, no chance, no
 * timers, no process, no console. They come in as arguments, so that a test can hold them still.
 * Types may mention them.
 */
import ts from 'typescript';
import { descendants, type Finding, lineOf, type Source, type SourceRule } from './source.ts';

const ROOMS = /^(projections|src\/(domain|sqlite|log|app|web\/state))\//;

const BANNED_GLOBALS = new Set([
  'Date',
  'console',
  'globalThis',
  'performance',
  'process',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

/** Modules that are the ambient world under another name; `*` bans all they export. */
const BANNED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['*'],
  'node:console': ['*'],
  'node:crypto': ['getRandomValues', 'randomBytes', 'randomFillSync', 'randomInt', 'randomUUID'],
  'node:os': ['*'],
  'node:perf_hooks': ['*'],
  'node:process': ['*'],
  'node:timers': ['*'],
  'node:timers/promises': ['*'],
  uuid: ['v1', 'v4', 'v6', 'v7'],
};

/** Finds uses of the ambient world as values in the rooms that must not know it. */
export const ambient: SourceRule = function* (source) {
  if (!ROOMS.test(source.file)) return;
  const declared = declaredNames(source.ast);
  for (const node of descendants(source.ast)) {
    if (ts.isIdentifier(node) && isAmbientValue(node, declared)) {
      yield found(source, node, node.text);
    } else if (isMathRandom(node)) {
      yield found(source, node, 'Math.random');
    } else if (ts.isImportDeclaration(node)) {
      for (const name of bannedImports(node)) yield found(source, node, name);
    }
  }
};

function found({ file, ast }: Source, node: ts.Node, name: string): Finding {
  const message = `${name} is ambient; below host it comes in as an argument`;
  return { file, line: lineOf(node, ast), rule: 'ambient', message };
}

/** Names the file gives itself: a parameter called `process` is not the process. */
function declaredNames(ast: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of descendants(ast)) {
    const isDeclaration =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isImportSpecifier(node);
    if (isDeclaration && node.name && ts.isIdentifier(node.name)) names.add(node.name.text);
  }
  return names;
}

function isAmbientValue(node: ts.Identifier, declared: ReadonlySet<string>): boolean {
  if (!BANNED_GLOBALS.has(node.text) || declared.has(node.text)) return false;
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  const isNameOfSomething = 'name' in parent && parent.name === node;
  return !isNameOfSomething && !ts.isPartOfTypeNode(node) && !ts.isTypeQueryNode(parent);
}

function isMathRandom(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return node.expression.getText() === 'Math' && node.name.text === 'random';
  }
  return ts.isElementAccessExpression(node) && /^Math\[.random.\]$/.test(node.getText());
}

function bannedImports({ importClause, moduleSpecifier }: ts.ImportDeclaration): string[] {
  if (!ts.isStringLiteral(moduleSpecifier)) return [];
  const from = moduleSpecifier.text;
  const banned = BANNED_IMPORTS[from];
  if (banned === undefined || isTypeOnly(importClause)) return [];
  const bindings = importClause?.namedBindings;
  if (banned.includes('*') || !bindings || !ts.isNamedImports(bindings)) return [from];
  return bindings.elements
    .map(({ name, propertyName }) => (propertyName ?? name).text)
    .filter((name) => banned.includes(name));
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}
