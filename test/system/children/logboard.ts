/** The command `logboard`, for tests whose workers call it. */
import '../../../src/bin.ts';
