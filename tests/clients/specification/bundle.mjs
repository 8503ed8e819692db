// Specification 003's clients, printed beside this file word for word, made into pages' scripts: with the words changed that
// README says change, and nothing else.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { compileScript, parse } from 'vue/compiler-sfc';

export const PRINTED = 'http://localhost:3000';
const here = new URL('./', import.meta.url).pathname;

// README's table: what is printed, what stands here instead.
export function changes() {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const [, table] = readme.split('\n| printed | here |\n');
  const rows = table.split('\n\n')[0].split('\n').slice(1);
  return rows.map((row) => row.split('|').slice(1, 3).map((cell) => cell.match(/`([^`]+)`/)[1]));
}

function vue(text, filename) {
  const { descriptor, errors } = parse(text, { filename });
  assert.deepEqual(errors, []);
  return compileScript(descriptor, { id: 'list', inlineTemplate: true }).content;
}

// The scripts by name, of a server at `url`; `used` are the changes that found their words.
export async function bundle(entries, url) {
  const words = changes();
  const used = new Set();
  const change = (text) => words.reduce((changed, [printed, instead]) => {
    if (changed.includes(printed)) used.add(printed);
    return changed.replaceAll(printed, instead);
  }, text);
  const read = {
    name: 'specification',
    setup: ({ onLoad }) => onLoad({ filter: /\/specification\/.*\.(ts|tsx|vue)$/ }, ({ path }) => {
      const changed = change(readFileSync(path, 'utf8')).replaceAll(PRINTED, url);
      const loader = path.endsWith('x') ? 'tsx' : 'ts';
      return { contents: path.endsWith('.vue') ? vue(changed, path) : changed, loader };
    }),
  };
  const scripts = {};
  for (const [name, contents] of Object.entries(entries)) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: here, loader: 'tsx' },
      bundle: true, write: false, format: 'iife', jsx: 'automatic', plugins: [read],
      define: { 'process.env.NODE_ENV': '"production"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    });
    scripts[name] = outputFiles[0].text;
  }
  return { scripts, unused: words.map(([printed]) => printed).filter((printed) => !used.has(printed)) };
}
