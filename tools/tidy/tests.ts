/** What a test may not do: be left out in silence, push others out, or be tried until it passes. */
import ts from 'typescript';
import { descendants, lineOf, type SourceRule } from './source.ts';

const TEST_CALLS = new Set(['describe', 'it', 'suite', 'test']);
const NEEDS_REASON = new Set(['only', 'skip', 'todo']);
const COMMENT = /^\s*(\/\/|\*|\/\*)|\s\/\/\s/;

/** Finds tests that are left out or singled out without a comment, and tests that are repeated. */
export const tests: SourceRule = function* ({ file, lines, ast, isTest }) {
  if (!isTest) return;
  for (const node of descendants(ast)) {
    const line = lineOf(node, ast);
    if (isSetApart(node)) {
      const [before = '', same = ''] = lines.slice(Math.max(line - 2, 0), line);
      const hasReason = COMMENT.test(before) || COMMENT.test(same);
      const message = `.${node.name.text} needs a comment that gives the reason`;
      if (!hasReason) yield { file, line, rule: 'tests', message };
    } else if (isTestCall(node) && node.arguments.some(hasRetry)) {
      yield { file, line, rule: 'tests', message: 'a test that fails has failed; no retry' };
    }
  }
};

/** Tells whether a node registers a test or a suite, such as `test.each(rows)('…', …)`. */
export function isTestCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && TEST_CALLS.has(rootOf(node.expression));
}

function isSetApart(node: ts.Node): node is ts.PropertyAccessExpression {
  return (
    ts.isPropertyAccessExpression(node) &&
    NEEDS_REASON.has(node.name.text) &&
    TEST_CALLS.has(rootOf(node.expression))
  );
}

function hasRetry(argument: ts.Expression): boolean {
  return (
    ts.isObjectLiteralExpression(argument) &&
    argument.properties.some(({ name }) => name?.getText() === 'retry')
  );
}

/** The name a chain begins with: `test` in `test.each(rows)`. */
function rootOf(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  const isLink = ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression);
  return isLink ? rootOf(expression.expression) : '';
}
