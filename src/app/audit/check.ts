/** Checks the body of an audit file, line by line, up to the first place that is not right. */
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Position } from '../../log/event-log.ts';
import { createHexHasher } from '../../log/sqlite/hash-chain.ts';
import {
  type AuditEvent,
  type AuditFooter,
  type AuditHeader,
  auditFormat,
  parseEvent,
  parseFooter,
  parseGap,
  parseHeader,
} from './format.ts';

/** What a sound body says. */
export interface AuditBody {
  readonly refused: false;
  readonly header: AuditHeader;
  readonly footer: AuditFooter;
}

/** Where something is wrong: the line of the file, from 1, and the position that belongs there. */
interface Place {
  readonly line: number;
  readonly position: Position | null;
}

/** Takes the lines of a body, in order. */
export class BodyCheck {
  readonly #hashEvent = createHexHasher();
  #header: AuditHeader | undefined;
  #footer: AuditFooter | undefined;
  #line = 0;
  #position: Position = 0;
  #hash = '';
  #events = 0;
  #thinned = 0;

  /** The event of the line taken last, if it was one. */
  event: AuditEvent | undefined;

  /** How far the check has come. */
  get place(): Place {
    return { line: this.#line, position: this.#header === undefined ? null : this.#position };
  }

  /** What the file says that it is about; undefined before the first line. */
  get header(): AuditHeader | undefined {
    return this.#header;
  }

  /** Whether the body has come to its end. */
  get isWhole(): boolean {
    return this.#footer !== undefined;
  }

  /** Takes the next line; answers why it cannot be what was exported, or undefined. */
  take(line: string): Refusal | undefined {
    this.#line += 1;
    this.event = undefined;
    if (this.#header === undefined) return this.#begin(line);
    if (this.#footer !== undefined) return this.#altered('something follows the end');
    if (line.startsWith('[')) return this.#takeEvent(line);
    if (line.startsWith('{"thinned"')) return this.#takeGap(line);
    return this.#end(line);
  }

  /** What the body says, once it is whole. */
  result(): AuditBody {
    if (this.#header === undefined || this.#footer === undefined) throw new Error('not whole');
    return { refused: false, header: this.#header, footer: this.#footer };
  }

  #begin(line: string): Refusal | undefined {
    const header = parseHeader(line);
    if (header === undefined) return notAnAudit(line);
    this.#header = header;
    this.#position = header.from - 1;
    this.#hash = header.before;
    return undefined;
  }

  #takeEvent(line: string): Refusal | undefined {
    const found = parseEvent(line);
    if (found === undefined) return this.#altered('it is no event');
    const { event, hash } = found;
    if (event.position !== this.#position + 1) {
      return this.#altered(`it is the event at position ${event.position}`);
    }
    if (this.#hashEvent(this.#hash, event, event) !== hash) {
      return this.#altered('the event is not what was written');
    }
    this.#position = event.position;
    this.#hash = hash;
    this.#events += 1;
    this.event = found;
    return undefined;
  }

  #takeGap(line: string): Refusal | undefined {
    const gap = parseGap(line);
    const [first, last] = gap?.thinned ?? [];
    if (gap === undefined || first !== this.#position + 1 || last === undefined || last < first) {
      return this.#altered('it is no gap that fits here');
    }
    this.#thinned += last - first + 1;
    this.#position = last;
    this.#hash = gap.last;
    return undefined;
  }

  #end(line: string): Refusal | undefined {
    const footer = parseFooter(line);
    if (footer === undefined) return this.#altered('it is neither an event nor the end');
    const isRight =
      footer.events === this.#events &&
      footer.thinned === this.#thinned &&
      footer.head === this.#hash &&
      this.#header?.to === this.#position;
    if (!isRight) return this.#altered('what it adds up to is not what stands above it');
    this.#footer = footer;
    return undefined;
  }

  #altered(found: string): Refusal {
    const place = { line: this.#line, position: this.#position + 1 };
    return altered(place, found);
  }
}

/** The file is not what was exported; where, and how that shows. */
export function altered({ line, position }: Place, found: string): Refusal {
  const where = position === null ? `Line ${line}` : `Line ${line} (position ${position})`;
  return refuse('audit_altered', `${where} is not what was exported: ${found}.`, {
    hint: 'Trust nothing from there on; ask for the file again, or compare with the board.',
    facts: { line, position },
  });
}

/** The file ends before its trailer. */
export function cut({ line, position }: Place): Refusal {
  const upTo = position === null ? '' : `, which is about position ${position}`;
  return refuse('audit_cut', `The file is cut off after line ${line}${upTo}.`, {
    hint: 'Ask for the file again; nothing says how much is missing.',
    facts: { line, position },
  });
}

function notAnAudit(line: string): Refusal {
  const isOther = /^\{"logboard":"audit","format":(\d+)/.exec(line)?.[1];
  const found =
    isOther === undefined || Number(isOther) === auditFormat
      ? 'The file does not begin as an audit export does.'
      : `The file is of format ${isOther}; this program reads format ${auditFormat}.`;
  return refuse('not_an_audit', found, {
    hint: 'Name a file that `logboard audit export` made; a newer one takes a newer Logboard.',
    facts: { line: 1 },
  });
}
