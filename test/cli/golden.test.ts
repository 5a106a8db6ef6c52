/**
 * Every verb's JSON, and every verb's no, as files in `golden/`. Field names are permanent: a file
 * may gain a field, and never loses or renames one.
 */
import { describe, expect, test } from 'vitest';
import { manifest } from '../../src/cli/manifest.ts';
import { openStage, scenarios } from './scenarios.ts';
import { createShaper } from './shape.ts';

const verbs = manifest.map(({ name }) => name);

describe('the JSON of', async () => {
  const createScene = await openStage();

  test.each(verbs)('%s keeps its names', async (verb) => {
    const { done, setting, exit = 0 } = scenarios[verb]!;
    const scene = createScene();
    const line = [...(await done(scene)), '--json'];

    const ran = await scene.cli.run(line, await setting?.(scene));

    expect(ran, ran.stdout).toMatchObject({ exit, stderr: '' });
    const shape = createShaper(scene.cli.directory);
    // A stream is a document a line.
    const documents = ran.stdout.trimEnd().split('\n');
    await expect(documents.map((text) => shape(JSON.parse(text))).join('')).toMatchFileSnapshot(
      `golden/${verb}.json`,
    );
  });

  const others = verbs.flatMap((verb) =>
    Object.entries(scenarios[verb]?.also ?? {}).map(([name, line]) => [verb, name, line] as const),
  );

  test.each(others)('%s (%s) keeps its names', async (verb, name, line) => {
    const scene = createScene();
    const ran = await scene.cli.run([...(await line(scene)), '--json']);

    expect(ran, ran.stdout).toMatchObject({ exit: 0, stderr: '' });
    const shape = createShaper(scene.cli.directory);
    await expect(shape(JSON.parse(ran.stdout))).toMatchFileSnapshot(`golden/${verb}.${name}.json`);
  });

  test.each(verbs)('a no to %s keeps its names', async (verb) => {
    const scene = createScene();
    const line = [...(await scenarios[verb]!.refused(scene)), '--json'];

    const { exit, stdout, stderr } = await scene.cli.run(line);
    const document = JSON.parse(stdout);

    expect(exit).toBeGreaterThan(0);
    expect(stderr).toBe('');
    expect(Object.keys(document.error)).toEqual(['code', 'message', 'hint', 'facts']);
    const shape = createShaper(scene.cli.directory);
    await expect(shape({ exit, ...document })).toMatchFileSnapshot(`golden/${verb}.refused.json`);
  });
});
