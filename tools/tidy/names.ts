/** Names that say where code was put instead of what it is, and exports without a name. */
import ts from 'typescript';
import { lineOf, type SourceRule } from './source.ts';

const EMPTY_NAME = /^(.*-)?(utils?|helpers?|common|managers?|services?|types)$/;
/** The one list of everything a folder holds, and the library's face. */
const INDEXES = new Set(['projections/index.ts', 'src/index.ts']);

/** Finds files and folders whose name says nothing. */
export const names: SourceRule = function* ({ file }) {
  for (const part of file.replace(/\.[^/]*$/, '').split('/')) {
    if (!EMPTY_NAME.test(part)) continue;
    const message = `"${part}" could hold anything; name it after what it does`;
    yield { file, line: 1, rule: 'names', message };
  }
};

/** Finds default exports. */
export const defaultExports: SourceRule = function* ({ file, ast }) {
  for (const statement of ast.statements) {
    if (!isDefaultExport(statement) || file.endsWith('.config.ts')) continue;
    const message = 'a default export has another name in every file; export it by its name';
    yield { file, line: lineOf(statement, ast), rule: 'exports', message };
  }
};

/** Finds files that only pass on what others export. */
export const barrels: SourceRule = function* ({ file, ast }) {
  const { statements } = ast;
  const isBarrel = statements.length > 0 && statements.every(isPassedOn);
  if (!isBarrel || INDEXES.has(file)) return;
  const message = 'the file only passes on what others export; import it from where it stands';
  yield { file, line: 1, rule: 'exports', message };
};

function isDefaultExport(statement: ts.Statement): boolean {
  if (ts.isExportAssignment(statement)) return true;
  if (!ts.canHaveModifiers(statement)) return false;
  const modifiers = ts.getModifiers(statement) ?? [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
}

function isPassedOn(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined;
}
