/** What can be wrong with an incident file. */

/** The file is not what was written: cut short, or altered. */
export class IncidentDamaged extends Error {
  override readonly name = 'IncidentDamaged';
  readonly code = 'incident_damaged';
  readonly hint = 'Get the file again from where it was saved: what is left proves nothing.';
  /** The first bad line, from 1, and the offset of its first byte, from 0. */
  readonly line: number;
  readonly offset: number;

  constructor(found: string, place: { readonly line: number; readonly offset: number }) {
    super(`The incident file is damaged at line ${place.line}, byte ${place.offset}: ${found}`);
    this.line = place.line;
    this.offset = place.offset;
  }
}

/** The file is another one than an incident file, or one that this program does not know. */
export class IncidentUnknown extends Error {
  override readonly name = 'IncidentUnknown';
  readonly code: 'not_an_incident' | 'incident_too_new';
  readonly hint: string;

  constructor(code: IncidentUnknown['code'], message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The file was not made by `logboard incident save`. */
export function notAnIncident(found: string): IncidentUnknown {
  return new IncidentUnknown(
    'not_an_incident',
    `This is no incident file: ${found}`,
    'Name a file that `logboard incident save` has written.',
  );
}

/** The file was made by a newer program. */
export function tooNew(version: number, known: number): IncidentUnknown {
  return new IncidentUnknown(
    'incident_too_new',
    `The incident file has format version ${version}, and this program knows up to ${known}`,
    'Upgrade Logboard on this machine: the file was written by a newer one.',
  );
}
