// The floor of a hit in memory: node:http sending the same bytes with the same headers, and nothing else.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { file, headers } = JSON.parse(process.env.BARE ?? '{}');
const body = readFileSync(file);
const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
