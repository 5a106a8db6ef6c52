/** How large things may get before they must be taken apart. */
import ts from 'typescript';
import { descendants, type Finding, lineOf, type Source, type SourceRule } from './source.ts';
import { isTestCall } from './tests.ts';

const FILE_LINES_MAX = 400;
const TEST_FILE_LINES_MAX = 600;
const FUNCTION_LINES_MAX = 70;
/** A factory's nested functions are measured one by one, and it as a whole by this. */
const FACTORY_LINES_MAX = 150;
const DECISION_LINES_MAX = 30;
const PARAMETERS_MAX = 4;
const IMPORTS_MAX = 12;
/** A test brings together what it tests and what it tests with. */
const TEST_IMPORTS_MAX = 20;
const COLUMNS_MAX = 100;

const DECISIONS = /^src\/domain\/[^/]+\/decide.*\.ts$/;
/** The composition root knows every part, lists name all projections or routes: their work. */
const COMPLETE = new Set([
  'src/main.ts',
  'src/http/routes.ts',
  'projections/index.ts',
  'projections/queries.ts',
]);

/** Finds files, functions, parameter lists, import lists and lines that are too long. */
export const sizes: SourceRule = function* (source) {
  yield* fileSize(source);
  yield* importCount(source);
  yield* lineLengths(source);
  for (const node of descendants(source.ast)) {
    if (ts.isFunctionLike(node)) yield* functionSize(source, node);
  }
};

function* fileSize({ file, lines, isTest }: Source): Iterable<Finding> {
  const max = isTest ? TEST_FILE_LINES_MAX : FILE_LINES_MAX;
  if (lines.length > max) yield tooLarge(file, max + 1, `the file has ${lines.length} lines`, max);
}

function* importCount({ file, ast, isTest }: Source): Iterable<Finding> {
  const max = isTest ? TEST_IMPORTS_MAX : IMPORTS_MAX;
  const imports = ast.statements.filter(ts.isImportDeclaration);
  const [excess] = imports.slice(max);
  if (excess === undefined || COMPLETE.has(file)) return;
  yield tooLarge(file, lineOf(excess, ast), `the file has ${imports.length} imports`, max);
}

function* lineLengths({ file, lines }: Source): Iterable<Finding> {
  for (const [index, line] of lines.entries()) {
    const columns = [...line].length;
    const isUnbreakable = line.includes('https://');
    if (columns <= COLUMNS_MAX || isUnbreakable) continue;
    yield tooLarge(file, index + 1, `the line has ${columns} columns`, COLUMNS_MAX);
  }
}

function* functionSize(source: Source, node: ts.SignatureDeclaration): Iterable<Finding> {
  const { ast, file } = source;
  const line = lineOf(node, ast);
  const name = node.name?.getText(ast) ?? 'a function';
  if (node.parameters.length > PARAMETERS_MAX) {
    const found = `${name} has ${node.parameters.length} parameters`;
    yield tooLarge(file, line, found, PARAMETERS_MAX);
  }
  const isDecision = DECISIONS.test(file) && !isRouter(node);
  const max = isDecision ? DECISION_LINES_MAX : FUNCTION_LINES_MAX;
  if (source.isTest && (holdsTests(node) || isFake(file))) return;
  const length = lineCount(node, ast);
  const own = length - nestedLines(node, ast);
  if (own > max) yield tooLarge(file, line, `${name} has ${own} lines of its own`, max);
  if (length > Math.max(max, FACTORY_LINES_MAX)) {
    yield tooLarge(file, line, `${name} has ${length} lines`, FACTORY_LINES_MAX);
  }
}

function lineCount(node: ts.Node, ast: ts.SourceFile): number {
  return ast.getLineAndCharacterOfPosition(node.end).line + 2 - lineOf(node, ast);
}

/** Lines of the functions declared directly in a function's body. */
function nestedLines(node: ts.SignatureDeclaration, ast: ts.SourceFile): number {
  const body = 'body' in node ? node.body : undefined;
  if (body === undefined || !ts.isBlock(body)) return 0;
  const nested = body.statements.filter(ts.isFunctionDeclaration);
  return nested.reduce((sum, each) => sum + lineCount(each, ast), 0);
}

/** A switch that only routes to the decisions decides nothing itself. */
function isRouter(node: ts.SignatureDeclaration): boolean {
  if (!ts.isFunctionDeclaration(node)) return false;
  const [first, ...others] = node.body?.statements ?? [];
  return first !== undefined && ts.isSwitchStatement(first) && others.length === 0;
}

/** A fake is as long as the port it stands for. */
function isFake(file: string): boolean {
  return file.split('/').at(-1)?.startsWith('fake-') === true;
}

/** A suite is a list of tests; its length is their number. */
function holdsTests(node: ts.Node): boolean {
  for (const inner of descendants(node)) {
    if (isTestCall(inner)) return true;
  }
  return false;
}

function tooLarge(file: string, line: number, found: string, max: number): Finding {
  return { file, line, rule: 'sizes', message: `${found}; at most ${max}` };
}
