// `npm run asyncapi`: writes docs/asyncapi.json from the contracts.
import { writeFileSync } from 'node:fs';
import { asyncApiDocument } from '@shopfleet/contracts';

const target = new URL('../../docs/asyncapi.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(asyncApiDocument(), undefined, 2)}\n`);
console.log('docs/asyncapi.json is written.');
