// What the screens say: the same keys in every language, each used, none missing; the same blanks in each.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TEXTS } from '../../../src/screens/screens/texts.js';

const ROOT = new URL('../../../src/screens/', import.meta.url).pathname;
const files = readdirSync(ROOT, { recursive: true }).filter((name) => /\.(js|html)$/.test(name) && !name.endsWith('texts.js'));
const sources = files.map((name) => readFileSync(join(ROOT, name), 'utf8')).join('\n');
const keys = Object.keys(TEXTS.en);
const forms = (text) => (typeof text === 'object' ? Object.values(text) : [text]);
const blanks = (text) => [...new Set(forms(text).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

test('every language has the same keys in the same order, with the same blanks', () => {
  for (const [language, texts] of Object.entries(TEXTS)) {
    assert.deepEqual(Object.keys(texts), keys, language);
    for (const key of keys) assert.deepEqual(blanks(texts[key]), blanks(TEXTS.en[key]), `${language} ${key}`);
  }
});

test('what is said has a text, and every text is said', () => {
  // `t('a.b')`, `data-t="a.b"`; `t(`a.${x}`)` uses all that begin so.
  const said = [...sources.matchAll(/(?:\bt\(|data-t(?:-\w+)?=)\s*['"]([\w.-]+)['"]/g)].map(([, key]) => key);
  const begun = [...sources.matchAll(/\bt\(\s*`([\w.-]+)\$\{/g)].map(([, key]) => key);
  assert.ok(said.length > 10 && begun.length > 0, 'the patterns find something');
  assert.deepEqual(said.filter((key) => !(key in TEXTS.en)), []);
  const used = (key) => said.includes(key) || begun.some((prefix) => key.startsWith(prefix)) || sources.includes(`'${key}'`);
  assert.deepEqual(keys.filter((key) => !used(key)), []);
});
