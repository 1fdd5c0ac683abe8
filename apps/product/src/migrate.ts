import { loadConfig } from '@shopfleet/config';
import { migrate } from '@shopfleet/mongo';
import { environment } from './config.ts';
import { indexes } from './indexes.ts';

await migrate(loadConfig(environment).MONGODB_URI, indexes);
