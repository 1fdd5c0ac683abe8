import { loadConfig } from '@shopfleet/config';
import { runService } from '@shopfleet/service';
import { environment } from './config.ts';
import { orderService } from './order-service.ts';

await runService(orderService(loadConfig(environment)));
