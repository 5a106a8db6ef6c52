/**
 * A loopback node as a process of its own. Prints one line of JSON with its connection string, then
 * takes a command a line: `{"set": {…faults}}`, `{"break": "reset" | "end" | "mute"}`,
 * `{"cut": true}`, `{}`, and answers each with a line of JSON. Ends with its input.
 */
import { createInterface } from 'node:readline';
import { startLoopback } from './node.ts';

const port = Number(process.argv[2] ?? 0);
const node = await startLoopback({ port });

const tell = (facts: object) => process.stdout.write(`${JSON.stringify(facts)}\n`);

function obey(line: string): void {
  const command = JSON.parse(line);
  if (command.set !== undefined) Object.assign(node.faults, command.set);
  if (command.break !== undefined) node.breakSubscriptions(command.break);
  if (command.cut) node.cut();
  tell({ events: node.store.all.length, subscriptions: node.subscriptions() });
}

tell({ url: node.url, port: node.port });
createInterface({ input: process.stdin })
  .on('line', obey)
  .on('close', () => void node.close().then(() => process.exit(0)));
