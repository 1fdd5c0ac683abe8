import { loadConfig } from '@shopfleet/config';
import { runService } from '@shopfleet/service';
import { cartService } from './cart-service.ts';
import { cartEnvironment } from './config.ts';

await runService(cartService(loadConfig(cartEnvironment)));
