/** A worker of the demo: drafts a note from the report and asks a person to look at it. */
import { attachRun } from '../../../src/index.ts';

const run = await attachRun();
const [report] = await run.parents();
const surveyed = report?.handOff?.summary ?? 'nothing';
const summary = `Draft: "We surveyed ${surveyed}." Please check the wording.`;
const answer = await run.complete({ summary }, { review: true });
console.log(answer.refused ? answer.message : summary);
await run.close();
