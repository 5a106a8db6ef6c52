/**
 * A program in one CommonJS file, and what V8 made of it when it was built. Half of the time of a
 * short command was spent with finding, reading and compiling modules.
 *
 * This file is shipped beside the program and starts it. It is CommonJS, too: Node's loader of
 * modules is as large as what it would load.
 */
'use strict';

const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/** Where V8's work lies: beside the program. @param {string} path of the program */
function cacheOf(path) {
  return path.replace(/\.cjs$/, '.cache');
}

/** Runs a program. It is compiled first where V8 cannot use its cache. @param {string} path */
function start(path) {
  run(compile(path, readCache(path)), path);
}

/**
 * What V8 makes of a program. A cache of another version of V8, or made under other flags, is left
 * alone by V8 itself (https://v8.dev/blog/code-caching): the program is compiled as if there were
 * none.
 *
 * @param {string} path its text is ASCII, of which every byte is a character
 * @param {Buffer} [cachedData]
 */
function compile(path, cachedData) {
  const text = readFileSync(path, 'latin1');
  return new Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename: path,
    cachedData,
  });
}

/**
 * Runs a compiled program from its beginning, with what Node gives a CommonJS module.
 *
 * @param {Script} script
 * @param {string} path
 */
function run(script, path) {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path));
}

/** @param {string} path */
function readCache(path) {
  try {
    return readFileSync(cacheOf(path));
  } catch {
    return undefined;
  }
}

module.exports = { cacheOf, compile, run, start };
