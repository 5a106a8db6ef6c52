/** A moment in a body. */
import * as z from 'zod';

/** A moment in ISO 8601 with its zone, read as UTC ms. */
export const momentSchema = z.iso
  .datetime({ offset: true })
  .transform((iso) => Date.parse(iso))
  .pipe(z.number().int().min(0));
