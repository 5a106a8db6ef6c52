/** The board of the pictures: a release in the making. Times are minutes before the picture. */

/** A task, and when it was made. */
export interface Piece {
  readonly key: string;
  readonly title: string;
  readonly made: number;
  readonly assignee?: string;
  readonly priority?: number;
  readonly tenant?: string;
  /** The keys of its parents. */
  readonly after?: readonly string[];
  readonly body?: string;
  readonly triage?: true;
}

/** How an attempt came to its end. */
export type Ending =
  | { readonly as: 'done' | 'review'; readonly summary: string }
  | { readonly as: 'crashed'; readonly error: string }
  | { readonly as: 'blocked'; readonly reason: string }
  | { readonly as: 'reclaimed'; readonly lateSummary: string }
  | { readonly as: 'limited'; readonly holdMinutes: number };

/** An attempt at a task; without an end it works on. */
export interface Attempt {
  readonly key: string;
  readonly from: number;
  readonly to?: number;
  /** The last sign of life; by default shortly before the end. */
  readonly lastBeat?: number;
  readonly note?: string;
  readonly progress?: number;
  readonly end?: Ending;
}

/** Something that a person or a worker said. */
export interface Remark {
  readonly key: string;
  readonly at: number;
  /** A worker says it when it is nobody's name. */
  readonly by: 'ada' | 'ben' | 'worker';
  readonly body: string;
}

const migration = `Move **610,000 orders** to the new schema, year by year, while the shop is open.

- a row without a customer goes to \`unknown\`
- stop at the first checksum that differs`;

/** The tasks. */
export const pieces: readonly Piece[] = [
  { key: 'reports', title: 'Collect the open bug reports', made: 181, assignee: 'research' },
  { key: 'driver', title: 'Upgrade the database driver', made: 181, assignee: 'code' },
  { key: 'schema', title: 'Write the new orders schema', made: 180, assignee: 'code' },
  {
    ...{ key: 'loop', title: 'Reproduce the login loop', made: 180, assignee: 'test' },
    after: ['reports'],
  },
  { key: 'fix', title: 'Fix the login loop', made: 180, assignee: 'code', after: ['loop'] },
  {
    ...{ key: 'dry', title: 'Rehearse the migration on a copy', made: 179, assignee: 'test' },
    ...{ after: ['schema', 'driver'], tenant: 'orders' },
  },
  {
    ...{ key: 'migrate', title: 'Move orders to the new schema', made: 179, priority: 5 },
    ...{ assignee: 'code', after: ['dry'], tenant: 'orders', body: migration },
  },
  {
    ...{ key: 'load', title: 'Run the load test', made: 179, assignee: 'test' },
    ...{ after: ['migrate'], tenant: 'orders' },
  },
  {
    ...{ key: 'notes', title: 'Write the release notes', made: 178, assignee: 'docs' },
    after: ['migrate', 'fix'],
  },
  { key: 'cut', title: 'Cut the release', made: 178, assignee: 'deploy', after: ['load', 'notes'] },
  { key: 'canary', title: 'Deploy to the canary', made: 178, assignee: 'deploy', after: ['cut'] },
  { key: 'news', title: 'Announce the release', made: 178, assignee: 'docs', after: ['canary'] },
  { key: 'vat', title: 'Round VAT alike everywhere', made: 177, assignee: 'code' },
  { key: 'linter', title: 'Bring the linter up to date', made: 165, assignee: 'code' },
  { key: 'icons', title: 'Remove icons that nobody uses', made: 160, assignee: 'docs' },
  { key: 'import', title: 'Import a million rows', made: 155, assignee: 'test', tenant: 'orders' },
  { key: 'retries', title: 'Describe the retry rules', made: 145, assignee: 'docs' },
  { key: 'search', title: 'Answer searches in 50 ms', made: 140, assignee: 'code' },
  { key: 'invoices', title: 'Invoices for screen readers', made: 135, assignee: 'code' },
  { key: 'bank', title: 'Parse the bank statements of 2019', made: 130, assignee: 'code' },
  { key: 'importer', title: 'Halve the start of the importer', made: 110, assignee: 'code' },
  {
    ...{ key: 'keys', title: 'Rotate the signing key', made: 100, assignee: 'deploy' },
    priority: 3,
  },
  { key: 'mails', title: 'Translate the emails to Dutch', made: 92, assignee: 'docs' },
  { key: 'tickets', title: 'Summarise the support tickets', made: 75, assignee: 'research' },
  { key: 'licences', title: 'Check the licences of all packages', made: 70, assignee: 'research' },
  { key: 'shots', title: 'Renew the pictures of the guide', made: 50, assignee: 'docs' },
  { key: 'index', title: 'Rebuild the search index', made: 45, assignee: 'code' },
  { key: 'page', title: 'Remove the old payment page', made: 19, assignee: 'code', priority: 2 },
  { key: 'cold', title: 'Measure the cold start', made: 17, assignee: 'test' },
  { key: 'flags', title: 'Clear feature flags older than a year', made: 14, assignee: 'code' },
  { key: 'diagrams', title: 'Redraw the diagrams', made: 12, assignee: 'docs', priority: -1 },
  { key: 'partners', title: 'Answer the survey of the partners', made: 9 },
  { key: 'monday', title: 'Exports are slow on Mondays', made: 33, triage: true },
  { key: 'passkey', title: 'A passkey is refused on one phone', made: 21, triage: true },
  { key: 'dark', title: 'Dark emails for dark phones?', made: 6, triage: true },
];

const done = (summary: string): Ending => ({ as: 'done', summary });

/** The attempts at them. */
export const attempts: readonly Attempt[] = [
  { key: 'reports', from: 176, to: 170, end: done('23 reports, 4 of them about the login.') },
  { key: 'driver', from: 175, to: 158, end: done('No query is slower than before.') },
  { key: 'vat', from: 172, to: 165, end: done('One function, 31 tests.') },
  { key: 'schema', from: 170, to: 150, end: done('Orders, lines and payments apart.') },
  { key: 'loop', from: 168, to: 160, end: done('Two tabs and a cookie that is older.') },
  {
    ...{ key: 'fix', from: 158, to: 139 },
    end: { as: 'review', summary: 'The newer cookie wins; a test holds two tabs open.' },
  },
  { key: 'linter', from: 157, to: 154, end: done('No new findings.') },
  { key: 'icons', from: 153, to: 149, end: done('214 icons less.') },
  { key: 'import', from: 150, to: 141, end: done('9 minutes, 410 MB at the most.') },
  {
    ...{ key: 'dry', from: 148, to: 138 },
    end: { as: 'crashed', error: 'psql: disk full while writing order_lines' },
  },
  { key: 'retries', from: 141, to: 132, end: done('Two pages, with the numbers.') },
  { key: 'dry', from: 135, to: 116, end: done('610,000 rows in 14 minutes, checksums agree.') },
  { key: 'search', from: 137, to: 113, end: done('41 ms at the 95th percentile.') },
  {
    ...{ key: 'invoices', from: 131, to: 103 },
    end: { as: 'review', summary: 'Tables have heads, totals are read last.' },
  },
  { key: 'bank', from: 126, to: 121, end: { as: 'crashed', error: 'no currency ITL' } },
  {
    ...{ key: 'migrate', from: 114, to: 84, lastBeat: 100, progress: 0.3 },
    note: 'orders of 2021',
    end: { as: 'reclaimed', lateSummary: 'All rows moved.' },
  },
  { key: 'bank', from: 111, to: 105, end: { as: 'crashed', error: 'no currency ITL' } },
  {
    ...{ key: 'importer', from: 102, to: 73 },
    end: { as: 'review', summary: 'From 8.1 s to 3.6 s: the time zones are read when needed.' },
  },
  {
    ...{ key: 'keys', from: 98, to: 91 },
    end: { as: 'blocked', reason: 'Which vault holds the old key?' },
  },
  {
    ...{ key: 'mails', from: 90, to: 79 },
    end: { as: 'blocked', reason: 'No Dutch word for voucher.' },
  },
  {
    ...{ key: 'migrate', from: 77, lastBeat: 0.4, progress: 0.67 },
    note: 'orders of 2023',
  },
  { key: 'tickets', from: 70, to: 64, end: { as: 'limited', holdMinutes: 150 } },
  {
    ...{ key: 'licences', from: 41, lastBeat: 5, progress: 0.8 },
    note: '1,180 packages',
  },
  { key: 'shots', from: 32, lastBeat: 10.9, progress: 0.4, note: 'chapter 5 of 12' },
  { key: 'index', from: 23, lastBeat: 2.5, progress: 0.55, note: 'shard 11 of 20' },
];

/** What was said. */
export const remarks: readonly Remark[] = [
  {
    key: 'migrate',
    at: 119,
    by: 'ada',
    body: 'Keep the old table until the load test is through.',
  },
  {
    ...{ key: 'migrate', at: 58, by: 'worker' },
    body: '37 rows of 2019 have no customer. They are kept under `unknown`; is that right?',
  },
  { key: 'migrate', at: 51, by: 'ben', body: 'Yes. Finance looks at them on Thursday.' },
  { key: 'invoices', at: 96, by: 'ben', body: 'I read it with the screen off tomorrow morning.' },
  { key: 'keys', at: 88, by: 'ada', body: 'Ben, is it in the one of the old data centre?' },
];

/** What the second worker of the migration prints. */
export const printed = [
  'orders of 2021    0 left   \u001b[32mchecksum ok\u001b[0m',
  'orders of 2022    0 left   \u001b[32mchecksum ok\u001b[0m',
  '\u001b[33m37 rows without a customer kept under unknown\u001b[0m',
  'orders of 2023    198,000 left',
].join('\n');
