/**
 * Databases are opened by SQLite alone, in one way: another file descriptor that closes takes the
 * POSIX locks of every connection with it, and a transaction begun elsewhere is not immediate.
 */
import ts from 'typescript';
import { descendants, type Finding, lineOf, type Source, type SourceRule } from './source.ts';

const PROGRAM = /^(src|projections|tools)\//;
const OPENING =
  /^((open|readFile|writeFile|appendFile|copyFile|cp|truncate)(Sync)?|create(Read|Write)Stream)$/;
const DATABASE_NAME = /\.db\b/;
const DATABASE_VARIABLE = /^(db|database|.*(Db|Database))(File|Path)$/;

/** Finds transactions begun outside `src/sqlite`. */
export const transactions: SourceRule = function* (source) {
  if (!PROGRAM.test(source.file) || source.file.startsWith('src/sqlite/')) return;
  for (const node of descendants(source.ast)) {
    if (ts.isCallExpression(node) && calledName(node) === 'transaction' && isMethod(node)) {
      yield found(source, node, 'transactions begin in src/sqlite, as BEGIN IMMEDIATE');
    }
  }
};

/** Finds imports of `node:sqlite`, which Node 20 does not have. */
export const nodeSqlite: SourceRule = function* ({ file, imports }) {
  for (const { specifier, line } of imports) {
    if (specifier !== 'node:sqlite') continue;
    yield { file, line, rule: 'databases', message: 'Node 20 has no node:sqlite' };
  }
};

/** Finds database files that are opened as files. */
export const openedFiles: SourceRule = function* (source) {
  if (!source.file.startsWith('src/')) return;
  for (const node of descendants(source.ast)) {
    if (!ts.isCallExpression(node) || !OPENING.test(calledName(node))) continue;
    if (!node.arguments.some(namesDatabase)) continue;
    yield found(source, node, 'a database file opened outside SQLite drops the locks on it');
  }
};

function found({ file, ast }: Source, node: ts.Node, message: string): Finding {
  return { file, line: lineOf(node, ast), rule: 'databases', message };
}

function calledName({ expression }: ts.CallExpression): string {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : '';
}

function isMethod({ expression }: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(expression);
}

function namesDatabase(argument: ts.Expression): boolean {
  for (const node of descendants(argument)) {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || isTemplateEnd(node);
    if (isText && DATABASE_NAME.test(node.text)) return true;
    if (ts.isIdentifier(node) && DATABASE_VARIABLE.test(node.text)) return true;
  }
  return false;
}

function isTemplateEnd(node: ts.Node): node is ts.TemplateTail | ts.TemplateMiddle {
  return ts.isTemplateTail(node) || ts.isTemplateMiddle(node);
}
