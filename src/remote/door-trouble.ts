/** A door that will have nothing to do with who knocks, cannot be reached, or is not there. */
export class DoorTrouble extends Error {
  override readonly name = 'DoorTrouble';
  readonly code: 'door_refused' | 'door_unreachable' | 'not_served';
  readonly hint: string;

  constructor(code: DoorTrouble['code'], message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The door at this address has said no. */
export function refusedBy(url: string, message: string, hint: string): DoorTrouble {
  return new DoorTrouble('door_refused', `${url} says no: ${message}`, hint);
}

/** The door at this address has not answered, or not so that it could be understood. */
export function unreachable(url: string, why: string): DoorTrouble {
  const hint = 'Is `logboard serve` running there, under this very name and port?';
  return new DoorTrouble('door_unreachable', `${url} cannot be reached: ${why}.`, hint);
}
