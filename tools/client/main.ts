import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { commandLine, resolveInstance } from '@shopfleet/local';
import { openShop } from '@shopfleet/shoppers';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

const target = fileURLToPath(new URL('../../libs/client/src/shop-api.generated.ts', import.meta.url));
const { values } = commandLine({
  command: 'client',
  help: `npm run client             makes the types of libs/client from the OpenAPI document of the running shop
npm run client -- --check  writes nothing; fails when they are not up to date`,
  options: { check: { type: 'boolean' } },
});

const shop = openShop(resolveInstance());
try {
  const { status, body } = await shop.ask('/api/openapi.json');
  if (status !== 200) throw new Error(`${shop.url}/api/openapi.json answers ${status}`);
  const types = astToString(await openapiTS(body as unknown as OpenAPI3, { alphabetize: true }));
  const text = `// Made from the shop's OpenAPI document by npm run client; not to be changed by hand.\n${types}`;
  if (values.check !== true) writeFileSync(target, text);
  else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) throw new Error("libs/client is not what the shop's documents say: npm run client");
  console.log(`libs/client has the types of ${Object.keys(body['paths'] ?? {}).length} paths`);
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await shop.close();
}
