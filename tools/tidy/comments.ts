/** What must be said in a comment: what a file is, and what everything it exports means. */
import ts from 'typescript';
import { descendants, lineOf, type SourceRule } from './source.ts';

const HEADER = /^(#!.*\n)?\s*(\/\*|\/\/)/;
const SENTENCE = /\w.*[.!?:](\s|$)/s;

/** Finds files that do not begin with a comment. */
export const headers: SourceRule = function* ({ file, text }) {
  if (HEADER.test(text)) return;
  yield { file, line: 1, rule: 'headers', message: 'the file does not begin by saying what it is' };
};

/** Finds exported symbols without a sentence that says what they mean. */
export const docs: SourceRule = function* ({ file, ast }) {
  const explained = new Set(ast.statements.filter(hasSentence).flatMap(namesOf));
  for (const statement of ast.statements.filter(isExported)) {
    // A schema and its type may share a name, and so do overloads: one sentence serves them.
    const unexplained = namesOf(statement).filter((name) => !explained.has(name));
    if (unexplained.length === 0 || isReadOff(statement, explained)) continue;
    const message = `${unexplained.join(', ')}: exported without a sentence on what it means`;
    yield { file, line: lineOf(statement, ast), rule: 'docs', message };
  }
};

/** A type read off something explained, as `z.infer<typeof schema>`, needs no words of its own. */
function isReadOff(statement: ts.Statement, explained: ReadonlySet<string>): boolean {
  if (!ts.isTypeAliasDeclaration(statement)) return false;
  for (const node of descendants(statement.type)) {
    if (ts.isTypeQueryNode(node) && explained.has(node.exprName.getText())) return true;
  }
  return false;
}

function isExported(statement: ts.Statement): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  const modifiers = ts.getModifiers(statement) ?? [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const name = ts.getNameOfDeclaration(statement as ts.DeclarationStatement);
  return name === undefined ? [] : [name.getText()];
}

function hasSentence(statement: ts.Statement): boolean {
  return ts.getJSDocCommentsAndTags(statement).some((doc) => {
    const text = ts.isJSDoc(doc) ? ts.getTextOfJSDocComment(doc.comment) : undefined;
    return text !== undefined && SENTENCE.test(text);
  });
}
