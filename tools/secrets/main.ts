import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { commandLine } from '@shopfleet/local';
import { newSecretSet, signingKeysIn, withSigningKeys } from './secret-set.ts';
import { rotate, RotationError, type SigningKey } from './signing-keys.ts';

const usage = `Secrets of a shop. They are written to a file that only its owner can read, and never shown.

  npm run secrets                     makes a set for production in .env.secrets; refuses to overwrite one
  npm run secrets -- rotate           takes the next step of changing the key that signs access tokens, logging nobody out

  --file PATH    another file than .env.secrets; for rotate also .shopfleet/dev/secrets.json, which the local shop uses
  --force        rotate without waiting for the time that a step needs`;

const { values, words } = commandLine({ command: 'secrets', help: usage, takesWords: true, options: { file: { type: 'string', default: '.env.secrets' }, force: { type: 'boolean', default: false } } });

/** Nobody reads half a file, and nobody else reads it at all. */
function writeSecretly(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  chmodSync(`${file}.new`, 0o600);
  renameSync(`${file}.new`, file);
}

function make(file: string): string {
  if (existsSync(file)) throw new RotationError(`${file} is there already. Making it anew would log everybody out; remove it first if that is what you want.`);
  writeSecretly(file, newSecretSet(new Date()));
  return `${file} holds a set of secrets for one shop. Keep it out of version control.`;
}

function rotateIn(file: string): string {
  if (!existsSync(file)) throw new RotationError(`${file} is not there; name it by --file, or make one: npm run secrets.`);
  const text = readFileSync(file, 'utf8');
  const isJson = file.endsWith('.json');
  const kept = isJson ? (JSON.parse(text) as { authSigningKeys?: SigningKey[] }) : undefined;
  const keys = isJson ? kept?.authSigningKeys : signingKeysIn(text);
  if (keys === undefined) throw new RotationError(`${file} has no signing keys that can be read (AUTH_SIGNING_KEYS).`);
  const step = rotate(keys, new Date(), values.force);
  writeSecretly(file, isJson ? JSON.stringify({ ...kept, authSigningKeys: step.keys }, undefined, 2) : withSigningKeys(text, step.keys));
  return step.said;
}

try {
  const [command] = words;
  if (command === undefined) console.log(make(values.file));
  else if (command === 'rotate') console.log(rotateIn(values.file));
  else throw new RotationError(`There is no command ${command}. npm run secrets -- --help lists them.`);
} catch (error) {
  if (!(error instanceof RotationError) && !(error instanceof SyntaxError)) throw error;
  console.error(`secrets: ${error.message}`);
  process.exitCode = 1;
}
