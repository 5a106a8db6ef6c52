/** Asking a door for a link that signs a browser in. */
import * as z from 'zod';
import { createDoorClient } from './door-client.ts';
import { refusedBy, unreachable } from './door-trouble.ts';

/** What is asked for. */
export interface SignInWanted {
  /** The door's address. */
  readonly url: string;
  /** An operator's. */
  readonly token: string;
  /** What the browser may do. */
  readonly role: 'reader' | 'operator';
}

const linkSchema = z.looseObject({ url: z.url() });

/** The link; good once, and for minutes. Throws `DoorTrouble`. */
export async function askForLink({ url, token, role }: SignInWanted): Promise<string> {
  const say = createDoorClient(url);
  const asking = { path: 'codes', bearer: token, body: { role }, answer: linkSchema };
  const reply = await say(asking);
  if (reply.is === 'said') return reply.body.url;
  if (reply.is === 'refused') {
    const hint = 'A token that was replaced is known after `logboard serve` was started again.';
    throw refusedBy(url, reply.message, hint);
  }
  throw unreachable(url, reply.is === 'unheard' ? reply.why : 'it says nothing');
}
