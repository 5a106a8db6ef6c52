/**
 * The house rules as a program: prints `file:line rule: message` for each broken one, and exits 1
 * when there are any. The tests run it too; CONTRIBUTING.md gives the reasons.
 *
 *     npm run tidy
 */
import { ambient } from './tidy/ambient.ts';
import { docs, headers } from './tidy/comments.ts';
import { nodeSqlite, openedFiles, transactions } from './tidy/databases.ts';
import { cycles, floors } from './tidy/floors.ts';
import { barrels, defaultExports, names } from './tidy/names.ts';
import { codeInDocs, topLevel } from './tidy/places.ts';
import { sizes } from './tidy/sizes.ts';
import { type Finding, type HouseRule, readHouse, type SourceRule } from './tidy/source.ts';
import { tests } from './tidy/tests.ts';

const HOUSE_RULES: readonly HouseRule[] = [topLevel, codeInDocs, floors, cycles];

const SOURCE_RULES: readonly SourceRule[] = [
  ambient,
  sizes,
  headers,
  docs,
  names,
  defaultExports,
  barrels,
  tests,
  transactions,
  nodeSqlite,
  openedFiles,
];

/** Looks through the checkout at `root` and answers every broken rule, file by file. */
export function tidy(root: string): Finding[] {
  const house = readHouse(root);
  const findings = [
    ...HOUSE_RULES.flatMap((rule) => [...rule(house)]),
    ...house.sources.flatMap((source) => SOURCE_RULES.flatMap((rule) => [...rule(source)])),
  ];
  return findings.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** Words a finding the way editors and terminals turn into a link. */
export function describeFinding({ file, line, rule, message }: Finding): string {
  return `${file}:${line} ${rule}: ${message}`;
}

if (process.argv[1] === import.meta.filename) {
  const findings = tidy(process.cwd());
  for (const finding of findings) console.log(describeFinding(finding));
  process.exitCode = findings.length > 0 ? 1 : 0;
}
