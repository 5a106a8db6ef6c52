/** The seed of a property: by chance, or the one that somebody wants to see again. */

const given = process.env['LOGBOARD_TEST_SEED'];

/** To be spread into the parameters of `fc.assert`. */
export const chosenSeed = given === undefined ? {} : { seed: Number(given) };
