import 'reflect-metadata';
import { run } from './src/run.ts';

process.exitCode = await run(process.argv.slice(2), process.env, (line) => console.log(line), (line) => console.error(line));
